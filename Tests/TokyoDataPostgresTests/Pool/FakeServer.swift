import Synchronization
import TokyoDataTesting

@testable import TokyoDataPostgres

/// A server of connections that are nothing but counted.
final class FakeServer: Sendable {
  final class Connection: PooledConnection {
    let number: Int
    private let server: FakeServer
    private let state = Mutex((isReusable: true, isFit: true, isOpen: true))

    init(number: Int, server: FakeServer) {
      self.number = number
      self.server = server
    }

    var isAtRest: Bool { state.withLock { $0.isReusable && $0.isOpen } }
    var isOpen: Bool { state.withLock { $0.isOpen } }

    func isFit(within limit: Duration) async -> Bool { isAtRest && state.withLock { $0.isFit } }

    func isAlive(within limit: Duration) async -> Bool {
      server.state.withLock { $0.checks += 1 }
      return await isFit(within: limit)
    }

    func close() async {
      let wasOpen = state.withLock { state in
        defer { state.isOpen = false }
        return state.isOpen
      }
      if wasOpen { server.state.withLock { $0.open -= 1 } }
    }

    /// As a connection that is left inside of a transaction.
    func spoil() { state.withLock { $0.isReusable = false } }
    /// As a session that the server ended.
    func kill() { state.withLock { $0.isFit = false } }
  }

  struct State {
    var isReachable = true
    var attempts = 0
    var open = 0
    var mostOpen = 0
    var checks = 0
    var last: Connection?
  }

  let state = Mutex(State())
  /// Attempts wait here.
  let gate: Gate?

  init(gate: Gate? = nil) { self.gate = gate }

  var attempts: Int { state.withLock { $0.attempts } }
  var open: Int { state.withLock { $0.open } }

  func setReachable(_ isReachable: Bool) { state.withLock { $0.isReachable = isReachable } }

  func connect() async throws -> Connection {
    state.withLock { $0.attempts += 1 }
    try await gate?.wait()
    return try state.withLock { state in
      guard state.isReachable else { throw PostgresError(.connectionFailed, "the test refuses") }
      state.open += 1
      state.mostOpen = max(state.mostOpen, state.open)
      let connection = Connection(number: state.attempts, server: self)
      state.last = connection
      return connection
    }
  }
}

/// Waits until it is so, other tasks going on meanwhile; no clock decides.
func until(_ condition: () async -> Bool) async throws {
  while !(await condition()) {
    try Task.checkCancellation()
    await Task.yield()
  }
}

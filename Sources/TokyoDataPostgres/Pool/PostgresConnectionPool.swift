internal import Synchronization

/// A bounded set of connections, opened when they are first needed and lent to one task at a time.
///
/// Who finds all of them lent waits in line. Connections that come back broken or inside a transaction are
/// closed and replaced.
public final class PostgresConnectionPool: Sendable {
  private typealias Leases = PoolState<ObjectIdentifier>

  private enum Grant: Sendable {
    case connection(PostgresConnection)
    case open
    case closed
    case canceled
  }

  private struct State {
    var leases: Leases
    var idle: [ObjectIdentifier: PostgresConnection] = [:]
    var continuations: [Leases.Waiter: CheckedContinuation<Grant, Never>] = [:]
    /// What waiters were granted before their continuation stood.
    var early: [Leases.Waiter: Grant] = [:]

    /// The continuation to resume, or nil where the waiter will find its grant itself.
    mutating func grant(_ grant: Grant, to waiter: Leases.Waiter) -> CheckedContinuation<Grant, Never>? {
      if let continuation = continuations.removeValue(forKey: waiter) { return continuation }
      early[waiter] = grant
      return nil
    }
  }

  private enum Begin {
    case granted(Grant)
    case wait(Leases.Waiter)
  }

  /// How connections are opened.
  public let configuration: PostgresConfiguration
  private let state: Mutex<State>

  /// Makes a pool of at most `limit` connections; none is opened yet.
  public init(_ configuration: PostgresConfiguration, limit: Int = 8) {
    self.configuration = configuration
    state = Mutex(State(leases: Leases(limit: limit)))
  }

  /// Lends a connection for the length of `body`, which runs where the caller does.
  ///
  /// - Throws: what `body` throws; `PostgresError.closed` after `close()`; what opening a connection throws;
  ///   `CancellationError` when canceled while waiting.
  public func withConnection<Result>(
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    let connection = try await lease()
    do {
      let result = try await body(connection)
      await giveBack(connection)
      return result
    } catch {
      await giveBack(connection)
      throw error
    }
  }

  /// Closes what is idle and, when they come back, the connections that are lent; waiting tasks throw.
  public func close() async {
    let (connections, continuations) = state.withLock { state in
      let (idle, waiting) = state.leases.close()
      return (
        idle.compactMap { state.idle.removeValue(forKey: $0) },
        waiting.compactMap { state.grant(.closed, to: $0) }
      )
    }
    for continuation in continuations { continuation.resume(returning: .closed) }
    for connection in connections { await connection.close() }
  }

  // MARK: Leases

  private func lease() async throws -> PostgresConnection {
    while true {
      try Task.checkCancellation()
      let begin: Begin = state.withLock { state in
        switch state.leases.lease() {
        case .use(let id):
          state.idle.removeValue(forKey: id).map { .granted(.connection($0)) } ?? .granted(.open)
        case .open: .granted(.open)
        case .wait(let waiter): .wait(waiter)
        case .closed: .granted(.closed)
        }
      }
      let grant: Grant
      switch begin {
      case .granted(let given): grant = given
      case .wait(let waiter): grant = await wait(waiter)
      }
      switch grant {
      case .connection(let connection):
        // A server that ended an idle session has said so on the socket only; that shows at the first use.
        if await connection.isReusable { return connection }
        giveBackNothing()
        await connection.close()
      case .open:
        do { return try await PostgresConnection.connect(configuration) } catch {
          giveBackNothing()
          throw error
        }
      case .closed: throw PostgresError(.closed, "the pool is closed")
      case .canceled: throw CancellationError()
      }
    }
  }

  private func wait(_ waiter: Leases.Waiter) async -> Grant {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let early: Grant? = state.withLock { state in
          if let grant = state.early.removeValue(forKey: waiter) { return grant }
          state.continuations[waiter] = continuation
          return nil
        }
        if let early { continuation.resume(returning: early) }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Grant, Never>? in
        state.leases.abandon(waiter) ? state.grant(.canceled, to: waiter) : nil
      }
      continuation?.resume(returning: .canceled)
    }
  }

  private func giveBack(_ connection: PostgresConnection) async {
    guard await connection.isReusable else {
      await connection.close()
      return giveBackNothing()
    }
    let id = ObjectIdentifier(connection)
    let (handover, continuation) = state.withLock { state in
      let handover = state.leases.giveBack(id)
      if case .nobody = handover { state.idle[id] = connection }
      if case .give(_, let waiter) = handover {
        return (handover, state.grant(.connection(connection), to: waiter))
      }
      return (handover, nil)
    }
    continuation?.resume(returning: .connection(connection))
    if case .close = handover { await connection.close() }
  }

  private func giveBackNothing() {
    let continuation = state.withLock { state -> CheckedContinuation<Grant, Never>? in
      guard case .open(let waiter) = state.leases.giveBackNothing() else { return nil }
      return state.grant(.open, to: waiter)
    }
    continuation?.resume(returning: .open)
  }
}

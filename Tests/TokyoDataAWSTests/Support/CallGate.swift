import Synchronization

@testable import TokyoDataAWS

/// Holds calls until it is opened or they are canceled, and counts them.
final class CallGate: Sendable {
  private struct State {
    var isOpen = false
    var holdsCanceled = false
    var begun = 0
    var ended = 0
  }

  private let state = Mutex(State())
  private let isHeld: @Sendable (HTTPRequest) -> Bool

  init(_ isHeld: @escaping @Sendable (HTTPRequest) -> Bool) { self.isHeld = isHeld }

  /// Calls that were canceled while they were held.
  var ended: Int { state.withLock { $0.ended } }

  func open() { state.withLock { $0.isOpen = true } }

  /// Whether canceled calls are held too.
  func holdsCanceled(_ holds: Bool) { state.withLock { $0.holdsCanceled = holds } }

  /// Waits until so many calls are held, or were.
  func reached(_ count: Int) async {
    while !Task.isCancelled, state.withLock({ $0.begun < count }) { await Task.yield() }
  }

  /// Waits until so many calls were canceled.
  func left(_ count: Int) async {
    while !Task.isCancelled, state.withLock({ $0.ended < count }) { await Task.yield() }
  }

  fileprivate func pass(_ request: HTTPRequest) async throws {
    guard isHeld(request) else { return }
    state.withLock { $0.begun += 1 }
    while true {
      // First: a gate that has opened since lets nobody through who was canceled before.
      if Task.isCancelled, !state.withLock({ $0.holdsCanceled }) {
        state.withLock { $0.ended += 1 }
        throw CancellationError()
      }
      if state.withLock({ $0.isOpen }) { return }
      await Task.yield()
    }
  }
}

extension AWSClient {
  /// The same client, with its calls through a gate.
  func through(_ gate: CallGate) -> AWSClient {
    AWSClient(
      settings: settings, credentials: credentials, transport: GatedCalls(transport: transport, gate: gate),
      time: time)
  }
}

private struct GatedCalls: HTTPTransport {
  let transport: any HTTPTransport
  let gate: CallGate

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    try await gate.pass(request)
    return try await transport.send(request, within: limits, consume)
  }
}

import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A relay before a server, which cuts or holds connections at the message a test names: a fault comes when
/// the test says, not after a while.
///
/// Two threads serve each connection. The proxy lives until `close`.
final class FaultProxy: Sendable {
  /// What becomes of a message.
  enum Action: Sendable {
    case pass
    /// The connection ends, in both directions, before the message.
    case cut
    /// The connection ends within the message, after so many bytes of it.
    case cutAfter(bytes: Int)
    /// The message waits for `release`; those after it in the same direction wait behind it.
    case hold
  }

  /// Decides about messages other than requests to cancel, which are counted from 1 since `arm`, over all connections and directions.
  typealias Rule = @Sendable (_ message: WireMessage, _ number: Int) -> Action

  /// What a test may wait for.
  enum Event: Sendable {
    case held
    case cut
    /// A client asks the server to cancel another's statement.
    case cancelRequested
    /// The test's own word.
    case noted
  }

  private struct State {
    var rule: Rule?
    var count = 0
    var connections: [Int: ProxiedConnection] = [:]
    var lastConnection = 0
    var held: [DispatchSemaphore] = []
    var listener: Int32 = -1
  }

  let port: UInt16
  private let target: UInt16
  private let state = Mutex(State())
  private let events: AsyncStream<Event>
  private let eventWriter: AsyncStream<Event>.Continuation

  /// Makes a proxy on a free port before a server on a port of the loopback interface.
  init(to target: Int) throws {
    self.target = UInt16(target)
    (events, eventWriter) = AsyncStream.makeStream()
    let listener = try Sockets.listen(on: 0)
    port = try Sockets.port(of: listener)
    state.withLock { $0.listener = listener }
    accept(on: listener)
  }

  // MARK: Faults

  /// From now on the rule decides.
  func arm(_ rule: @escaping Rule) {
    state.withLock { ($0.rule, $0.count) = (rule, 0) }
  }

  /// From now on everything passes, what is held too.
  func disarm() {
    state.withLock { $0.rule = nil }
    release()
  }

  /// Lets go what is held.
  func release() {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for semaphore in held { semaphore.signal() }
  }

  /// The next thing that happened.
  func nextEvent() async -> Event? {
    var iterator = events.makeAsyncIterator()
    return await iterator.next()
  }

  /// Adds the test's own word to the events.
  func note() { eventWriter.yield(.noted) }

  /// Waits until all connections have ended but so many: what is left in those that were cut is read, and
  /// counts as nobody's message.
  func waitForEnd(downTo count: Int = 0) async {
    while state.withLock({ $0.connections.count > count }) { await Task.yield() }
  }

  /// Ends all connections.
  func cutAll() {
    for connection in state.withLock({ Array($0.connections.values) }) { connection.cut() }
  }

  /// From now on connections are refused.
  func refuse() {
    let listener = state.withLock { state in
      defer { state.listener = -1 }
      return state.listener
    }
    if listener >= 0 { Sockets.stopListening(listener) }
  }

  /// Takes connections again.
  func takeAgain() throws {
    let listener = try Sockets.listen(on: port)
    state.withLock { $0.listener = listener }
    accept(on: listener)
  }

  /// Ends everything.
  func close() {
    refuse()
    disarm()
    cutAll()
    eventWriter.finish()
  }

  // MARK: Connections

  private func accept(on listener: Int32) {
    Thread.detachNewThread { [self] in
      while let client = Sockets.accept(on: listener) {
        guard let server = try? Sockets.connect(to: target) else {
          _ = Glibc.close(client)
          continue
        }
        let connection = ProxiedConnection(client: client, server: server)
        let id = state.withLock { state in
          state.lastConnection += 1
          state.connections[state.lastConnection] = connection
          return state.lastConnection
        }
        for sender in [WireMessage.Sender.client, .server] {
          Thread.detachNewThread { [self] in
            connection.relay(sender) { decide($0) }
            if connection.endOneDirection() { state.withLock { _ = $0.connections.removeValue(forKey: id) } }
          }
        }
      }
      _ = Glibc.close(listener)
    }
  }

  /// Waits where the rule says so; the bytes of the message that are to pass, then whether to go on.
  private func decide(_ message: WireMessage) -> (bytes: Int, goesOn: Bool) {
    if message.isCancelRequest {
      eventWriter.yield(.cancelRequested)
      return (message.bytes.count, true)
    }
    let semaphore = DispatchSemaphore(value: 0)
    let action: Action = state.withLock { state in
      guard let rule = state.rule else { return .pass }
      state.count += 1
      let action = rule(message, state.count)
      if case .hold = action { state.held.append(semaphore) }
      return action
    }
    switch action {
    case .pass: return (message.bytes.count, true)
    case .cut:
      eventWriter.yield(.cut)
      return (0, false)
    case .cutAfter(let bytes):
      eventWriter.yield(.cut)
      return (min(bytes, message.bytes.count), false)
    case .hold:
      eventWriter.yield(.held)
      semaphore.wait()
      return (message.bytes.count, true)
    }
  }
}

internal import Synchronization

/// Sends requests with libcurl: one thread runs all of them.
///
/// The thread starts with the first request and ends with the transport, or with `close`.
final class CurlTransport: HTTPTransport {
  private let loop: CurlLoop

  init(_ configuration: CurlConfiguration = CurlConfiguration()) {
    loop = CurlLoop(configuration)
  }

  deinit { loop.close() }

  /// Ends what runs with `HTTPError.closed`, closes every connection and returns when the thread is done.
  func close() async {
    loop.close()
    await loop.waitForEnd()
  }

  /// What the transport holds at the moment.
  struct Statistics: Sendable, Hashable {
    /// Requests that libcurl has in hand.
    var running: Int
    /// Open connections, those kept for later included.
    var connections: Int
  }

  func statistics() -> Statistics {
    Statistics(
      running: loop.running.load(ordering: .relaxed), connections: loop.sockets.count)
  }

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    let exchange = Exchange(try WireRequest(request), within: limits, on: loop)
    try Task.checkCancellation()
    try loop.begin(exchange)
    return try await withTaskCancellationHandler {
      do {
        let result = try await run(exchange, consume)
        await exchange.remove()
        return result
      } catch {
        await exchange.remove()
        throw error
      }
    } onCancel: {
      exchange.abort(CancellationError())
      loop.order(.remove(exchange))
    }
  }

  private func run<Result>(
    _ exchange: Exchange, _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    guard case .stream(let length, let next) = exchange.request.body, length > 0 else {
      return try await consume(exchange.head(), exchange)
    }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await exchange.produce(length, next) }
      let result = try await consume(exchange.head(), exchange)
      group.cancelAll()
      return result
    }
  }
}

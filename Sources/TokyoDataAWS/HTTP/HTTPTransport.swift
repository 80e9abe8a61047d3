/// What sends requests: the curl thread, or a test's stand-in.
protocol HTTPTransport: Sendable {
  /// Sends a request and hands on the response as soon as its head is there.
  ///
  /// When `consume` returns or throws the transfer is over: one that has not ended is removed, and its
  /// connection closed. Cancellation of the task removes it too.
  ///
  /// - Throws: `HTTPError`, `CancellationError`, or what `consume` throws.
  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result
}

/// How long a request may take.
struct HTTPLimits: Sendable, Hashable {
  /// Until the connection stands, TLS included.
  var connect: Duration = .seconds(5)
  /// Without a single byte in either direction.
  var idle: Duration = .seconds(60)
  /// In all; nil for no limit.
  var total: Duration?
}

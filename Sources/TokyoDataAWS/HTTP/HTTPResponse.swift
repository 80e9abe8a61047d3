/// The head of a response.
struct HTTPResponse: Sendable {
  var status: Int
  var headers: HTTPHeaders
}

/// The body of a response while it comes in.
///
/// One task reads it. Who does not read holds the transfer up: at most a few hundred kilobytes wait.
protocol HTTPResponseBody: Sendable {
  /// The next piece; nil at the end.
  ///
  /// - Throws: `HTTPError` where the connection broke off before the end; `CancellationError`.
  func next() async throws -> [UInt8]?
}

extension HTTPResponseBody {
  /// All of it.
  ///
  /// - Throws: `HTTPError.tooLarge` beyond `limit` bytes.
  func collect(upTo limit: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await next() {
      guard bytes.count + piece.count <= limit else { throw HTTPError(.bodyTooLarge) }
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
    }
    return bytes
  }
}

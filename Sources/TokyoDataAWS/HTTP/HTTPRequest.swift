/// A request as it goes onto the wire: signing is done before, retrying after.
struct HTTPRequest: Sendable {
  var method: HTTPMethod
  var origin: HTTPOrigin
  /// The path, already percent-encoded, beginning with a slash; it is sent exactly so, dots and double slashes too.
  var path: String
  /// What follows the question mark, already percent-encoded; empty for none.
  var query = ""
  var headers = HTTPHeaders()
  var body = HTTPRequestBody.none
  /// Sends the head first and the body when the server asks for it, or after a second: for bodies of more
  /// than a megabyte, which the server may refuse unseen; others are sent at once all the same.
  var expectsContinue = false
  /// Sent once more, by the transport itself, where a kept connection turns out to be dead before a byte of
  /// the answer came; false where even that could do it twice, or hide from the caller that it may be done.
  var isResendable = true
  /// Goes straight to its origin, whatever proxies are set: for addresses of this machine.
  var bypassesProxy = false
}

enum HTTPMethod: String, Sendable {
  case get = "GET"
  case head = "HEAD"
  case put = "PUT"
  case post = "POST"
  case delete = "DELETE"
}

/// Where a request goes.
struct HTTPOrigin: Sendable, Hashable {
  var isSecure: Bool
  /// A name or an address; an IPv6 address stands in brackets.
  var host: String
  /// Nil for the scheme's own.
  var port: Int?

  /// The value of the header `host`: the port is left out where it is the scheme's own.
  var authority: String {
    guard let port, port != (isSecure ? 443 : 80) else { return host }
    return "\(host):\(port)"
  }
}

/// The bytes that a request brings.
enum HTTPRequestBody: Sendable {
  case none
  /// Pieces that are sent one after the other, without being copied together.
  case bytes([ArraySlice<UInt8>])
  /// Bytes that come while the request runs, `length` in all. `next` gives the next piece; it is called again
  /// only when the piece before has been handed to the network: that is the back-pressure. After `length`
  /// bytes it is not called again; nil before, or more than that, fails the request.
  case stream(length: Int, next: @Sendable () async throws -> [UInt8]?)

  var length: Int {
    switch self {
    case .none: 0
    case .bytes(let pieces): pieces.reduce(0) { $0 + $1.count }
    case .stream(let length, _): length
    }
  }
}

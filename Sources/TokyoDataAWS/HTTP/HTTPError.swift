/// What can go wrong before there is a whole response; names no host, path, query or header.
struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
  enum Code: String, Sendable, CaseIterable {
    /// The name was not found, nobody listens, or no TLS came about: nothing was sent.
    case cannotConnect
    /// The certificate is not to be trusted, or cannot be checked: nothing was sent.
    case insecure
    /// The connection did not stand in time: nothing was sent.
    case connectTimeout
    /// No byte came or went for too long.
    case idleTimeout
    /// The whole took too long.
    case totalTimeout
    /// The connection broke off.
    case connectionLost
    /// The response is not HTTP, or ends before its end.
    case invalidResponse
    /// The body is longer than its reader takes.
    case bodyTooLarge
    /// The client was closed.
    case closed
    /// The request cannot be sent as it is.
    case invalidRequest
    /// A streamed body had another length than was promised.
    case invalidBody
    /// The process has no thread or memory left: nothing was sent.
    case outOfResources
  }

  var code: Code
  /// libcurl's number for it, for those who debug.
  var curlCode: Int32?

  init(_ code: Code, curlCode: Int32? = nil) {
    self.code = code
    self.curlCode = curlCode
  }

  /// The server cannot have seen the request.
  var isUnsent: Bool {
    switch code {
    case .cannotConnect, .insecure, .connectTimeout, .invalidRequest, .outOfResources: true
    case .idleTimeout, .totalTimeout, .connectionLost, .invalidResponse, .bodyTooLarge, .closed, .invalidBody:
      false
    }
  }

  var description: String { code.rawValue }
}

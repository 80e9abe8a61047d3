/// How a transport meets the network.
struct CurlConfiguration: Sendable, Hashable {
  /// The header `user-agent` of requests that bring none.
  var userAgent = "tokyo-data"
  /// Connections to one host at a time; further requests wait for one of them.
  var connectionsPerHost = 64
  /// Connections in all, those kept for later included.
  var connections = 256
  /// How long a connection may have been idle to be used again.
  var keepAlive = Duration.seconds(60)
  /// How long a request that asks whether to send its body waits for the answer.
  var expectation = Duration.seconds(1)
  /// A file of certificates (PEM) to trust instead of the system's.
  var caBundle: String?
  /// Where requests go through a proxy.
  var proxy = Proxy.environment
  /// Whether HTTP/2 is spoken with servers that offer it over TLS.
  var allowsHTTP2 = true

  enum Proxy: Sendable, Hashable {
    /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
    case environment
    /// None, whatever the environment says.
    case direct
    /// This one, except for hosts that `exceptions` lists, with commas between them, as in `no_proxy`.
    case url(String, exceptions: String = "")
  }
}

/// Sizes that hold for every transfer; each is a compromise between processor time and memory.
enum CurlSizes {
  /// What libcurl asks the socket for at once.
  static let receiveBuffer = 256 << 10
  /// What libcurl takes of an upload at once, and hands to the socket.
  static let uploadBuffer = 1 << 20
  /// The length of the pieces in which a body is handed on.
  static let piece = 256 << 10
  /// With so many bytes waiting for their reader a transfer is held up; a piece and a buffer more may come.
  static let waiting = 384 << 10
  /// HTTP/2 may bring more at once than a buffer; beyond this, libcurl has to keep it.
  static let overrun = 1 << 20
  /// A response's header lines in all, informational responses and trailers included.
  static let headerBytes = 256 << 10
  /// Their number.
  static let headerLines = 1000
}

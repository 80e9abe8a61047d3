/// Where a server listens.
public enum RedisEndpoint: Hashable, Sendable {
  /// A host, by name or address, and its port.
  case host(String, port: Int)
  /// The path of a Unix socket.
  case socket(path: String)
}

extension RedisEndpoint: CustomStringConvertible, CustomReflectable {
  /// The kind of endpoint; hosts and paths are not for logs.
  public var description: String {
    switch self {
    case .host: "a host"
    case .socket: "a Unix socket"
    }
  }

  /// Nothing of host or path.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

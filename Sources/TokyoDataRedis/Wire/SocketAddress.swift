#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An address to which a socket can connect, as the system has it.
struct SocketAddress {
  let family: Int32
  /// The bytes of the `sockaddr`.
  let bytes: [UInt8]

  /// The addresses of an endpoint, in the order in which they are to be tried.
  ///
  /// Asks for the host's name and blocks meanwhile, so it belongs on a thread of its own.
  static func resolve(_ endpoint: RedisEndpoint) -> [SocketAddress] {
    switch endpoint {
    case .host(let host, let port): resolve(host, port: port)
    case .socket(let path): unixAddress(path).map { [$0] } ?? []
    }
  }

  private static func resolve(_ host: String, port: Int) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    #if canImport(Glibc)
      hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
      hints.ai_socktype = SOCK_STREAM
    #endif
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
      if let address = entry.ai_addr {
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
        addresses.append(SocketAddress(family: entry.ai_family, bytes: Array(bytes)))
      }
      next = entry.ai_next
    }
    return addresses
  }

  /// Nil for a path that is longer than the system takes, or that holds a zero.
  private static func unixAddress(_ path: String) -> SocketAddress? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let isSet = withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard !bytes.isEmpty, bytes.count < room.count, !bytes.contains(0) else { return false }
      room.copyBytes(from: bytes)
      return true
    }
    guard isSet else { return nil }
    return SocketAddress(family: AF_UNIX, bytes: withUnsafeBytes(of: &address) { Array($0) })
  }
}

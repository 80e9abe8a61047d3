#if canImport(Glibc)
  import Glibc
#endif

/// Sockets on the loopback interface, as much as a proxy needs of them; all of them block.
enum Sockets {
  struct Failure: Error {
    var call: String
    var number = errno
  }

  static func listen(on port: UInt16) throws -> Int32 {
    let descriptor = try open()
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    let bound = withAddress(port) { bind(descriptor, $0, $1) }
    guard bound == 0, Glibc.listen(descriptor, 128) == 0 else {
      let failure = Failure(call: "listen")
      close(descriptor)
      throw failure
    }
    return descriptor
  }

  static func connect(to port: UInt16) throws -> Int32 {
    let descriptor = try open()
    guard withAddress(port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      let failure = Failure(call: "connect")
      close(descriptor)
      throw failure
    }
    setNoDelay(descriptor)
    return descriptor
  }

  /// The next connection, nil when the listener has been stopped.
  static func accept(on listener: Int32) -> Int32? {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    setNoDelay(descriptor)
    return descriptor
  }

  /// Ends `accept`, whose thread then closes the listener.
  static func stopListening(_ listener: Int32) { shutdown(listener, Int32(SHUT_RDWR)) }

  static func port(of descriptor: Int32) throws -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard status == 0 else { throw Failure(call: "getsockname") }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func open() throws -> Int32 {
    // Not for the processes that other tests start.
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0 else { throw Failure(call: "socket") }
    return descriptor
  }

  private static func setNoDelay(_ descriptor: Int32) {
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func withAddress(
    _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}

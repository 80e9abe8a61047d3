internal import CCurl
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The sockets that libcurl has open.
///
/// It closes one behind our back where a transfer is taken out before its connection stands, so a descriptor
/// counts only as long as it is the same socket.
struct OpenSockets: ~Copyable, Sendable {
  private let inodes = Mutex<[Int32: UInt64]>([:])

  var count: Int { inodes.withLock { $0.count { Self.inode(of: $0.key) == $0.value } } }

  fileprivate func add(_ descriptor: Int32) {
    let inode = Self.inode(of: descriptor)
    inodes.withLock { $0[descriptor] = inode }
  }

  fileprivate func remove(_ descriptor: Int32) {
    inodes.withLock { $0[descriptor] = nil }
  }

  private static func inode(of descriptor: Int32) -> UInt64? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}

extension EasyHandle {
  /// Has the sockets of its connections opened and closed here, so that they are counted, and so that no
  /// child process inherits one.
  ///
  /// The callbacks get an unretained pointer to the loop, also when a connection is closed long after the
  /// handle is gone: the thread holds the loop until its multi handle and the last connection are gone.
  mutating func countSockets(in loop: CurlLoop) {
    setSockets(opener: openSocket, closer: closeSocket, Unmanaged.passUnretained(loop).toOpaque())
  }
}

private func openSocket(
  _ loop: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let loop, let address = address?.pointee else { return CURL_SOCKET_BAD }
  #if canImport(Darwin)
    let descriptor = socket(address.family, address.socktype, address.protocol)
    if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  #else
    let closing = Int32(bitPattern: SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, address.socktype | closing, address.protocol)
  #endif
  guard descriptor >= 0 else { return CURL_SOCKET_BAD }
  Unmanaged<CurlLoop>.fromOpaque(loop).takeUnretainedValue().sockets.add(descriptor)
  return descriptor
}

private func closeSocket(_ loop: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
  guard let loop else { return 1 }
  Unmanaged<CurlLoop>.fromOpaque(loop).takeUnretainedValue().sockets.remove(descriptor)
  return close(descriptor)
}

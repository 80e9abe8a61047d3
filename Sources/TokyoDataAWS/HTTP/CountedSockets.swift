internal import CCurl
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

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
  Unmanaged<CurlLoop>.fromOpaque(loop).takeUnretainedValue().sockets.add(1, ordering: .relaxed)
  return descriptor
}

private func closeSocket(_ loop: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
  guard let loop else { return 1 }
  Unmanaged<CurlLoop>.fromOpaque(loop).takeUnretainedValue().sockets.subtract(1, ordering: .relaxed)
  return close(descriptor)
}

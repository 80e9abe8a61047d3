#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Owns one stream socket, in non-blocking mode; closes it when it goes.
struct RedisSocket: ~Copyable {
  /// −1 when closed.
  private(set) var descriptor: Int32 = -1

  deinit { if descriptor >= 0 { _ = systemClose(descriptor) } }

  mutating func close() {
    if descriptor >= 0 { _ = systemClose(descriptor) }
    descriptor = -1
  }

  /// Begins to connect; once the socket is writable `finishConnecting` tells how it went.
  mutating func start(_ address: SocketAddress) throws(RedisConnectionError) {
    close()
    #if canImport(Glibc)
      descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(address.family, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw failure() }
    if address.family != AF_UNIX {
      // Commands are written together here already; the system would only hold the last ones back.
      setOption(Int32(IPPROTO_TCP), TCP_NODELAY)
      // An idle connection whose server vanished without a word is found out sooner or later.
      setOption(SOL_SOCKET, SO_KEEPALIVE)
    }
    #if canImport(Darwin)
      setOption(SOL_SOCKET, SO_NOSIGPIPE)
    #endif
    let status = address.bytes.withUnsafeBytes { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) {
        connect(descriptor, $0.baseAddress, socklen_t(bytes.count))
      }
    }
    // A Unix socket whose queue is full says EAGAIN, and would never become writable.
    guard status == 0 || errno == EINPROGRESS || errno == EINTR else { throw failure() }
  }

  /// Whether the socket is connected, once it was found writable.
  func finishConnecting() throws(RedisConnectionError) {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 else { throw failure() }
    guard error == 0 else { throw RedisConnectionError(.cannotConnect, systemError: error) }
  }

  enum Received {
    case bytes(Int)
    case nothingYet
    case end
  }

  /// Takes what has come, as much as fits.
  func receive(into room: UnsafeMutableRawBufferPointer) throws(RedisConnectionError) -> Received {
    while true {
      let count = recv(descriptor, room.baseAddress, room.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .nothingYet }
      guard errno == EINTR else { throw RedisConnectionError(.lost, systemError: errno) }
    }
  }

  /// Sends as much as the socket takes now, and tells how much that was.
  func send(_ bytes: UnsafeRawBufferPointer) throws(RedisConnectionError) -> Int {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      // A connection that has ended is an error, not a signal.
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let count = systemSend(descriptor, rest.baseAddress, rest.count, flags)
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        return sent
      } else if errno != EINTR {
        throw RedisConnectionError(.lost, systemError: errno)
      }
    }
    return sent
  }

  private func failure() -> RedisConnectionError { RedisConnectionError(.cannotConnect, systemError: errno) }

  private func setOption(_ level: Int32, _ name: Int32) {
    var on: Int32 = 1
    _ = setsockopt(descriptor, level, name, &on, socklen_t(MemoryLayout<Int32>.size))
  }
}

// The methods above have the names of the system's functions.

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

private func systemSend(
  _ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Int { send(descriptor, bytes, count, flags) }

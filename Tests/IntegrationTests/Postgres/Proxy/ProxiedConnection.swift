import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A client's socket and a server's, and the bytes between them.
final class ProxiedConnection: Sendable {
  private let client: Int32
  private let server: Int32
  /// How many of the two directions still use the sockets: the last one closes them.
  private let directions = Mutex(2)

  init(client: Int32, server: Int32) {
    (self.client, self.server) = (client, server)
  }

  /// Ends both directions; the sockets stay until the threads have left them.
  func cut() {
    directions.withLock { count in
      guard count > 0 else { return }
      shutdown(client, Int32(SHUT_RDWR))
      shutdown(server, Int32(SHUT_RDWR))
    }
  }

  /// Passes on what one side sends, message by message, until an end or the rule's.
  func relay(
    _ sender: WireMessage.Sender, _ decide: (WireMessage) -> (bytes: Int, goesOn: Bool)
  ) {
    let (source, target) = sender == .client ? (client, server) : (server, client)
    var splitter = WireSplitter(sender)
    var buffer: [UInt8] = Array(repeating: 0, count: 64 << 10)
    while true {
      let count = recv(source, &buffer, buffer.count, 0)
      guard count > 0 else { return cut() }
      splitter.add(buffer[..<count])
      while let message = splitter.next() {
        let (bytes, goesOn) = decide(message)
        guard send(message.bytes.prefix(bytes), to: target), goesOn else { return cut() }
      }
    }
  }

  private func send(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// One direction's thread is done with the sockets; true for the second.
  func endOneDirection() -> Bool {
    directions.withLock { count in
      count -= 1
      guard count == 0 else { return false }
      close(client)
      close(server)
      return true
    }
  }
}

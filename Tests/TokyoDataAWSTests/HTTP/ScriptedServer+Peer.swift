import Foundation
import Synchronization

extension ScriptedServer {
  /// One connection, as its script sees it.
  final class Peer: Sendable {
    private struct State {
      /// Read, but not asked for yet.
      var pending: [UInt8] = []
      var isClosed = false
    }

    let descriptor: Int32
    private let state = Mutex(State())

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The next request's head.
    func request() throws -> ReceivedRequest {
      var bytes: [UInt8] = []
      while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { bytes += try receive(1) }
      let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
      return ReceivedRequest(line: lines[0], fields: lines.dropFirst().filter { !$0.isEmpty })
    }

    /// The next request with its body.
    func requestWithBody() throws -> (ReceivedRequest, [UInt8]) {
      let request = try request()
      return (request, try receive(request.length))
    }

    func receive(_ count: Int) throws -> [UInt8] {
      while state.withLock({ $0.pending.count < count }) {
        let more = readSome(max(count, 64 << 10))
        guard !more.isEmpty else { throw ServerFailure(text: "the client is gone") }
        state.withLock { $0.pending += more }
      }
      return state.withLock { state in
        defer { state.pending.removeFirst(count) }
        return Array(state.pending.prefix(count))
      }
    }

    /// Reads and forgets; how many bytes, up to `count` or the end.
    func discard(_ count: Int) -> Int {
      var left =
        count
        - state.withLock { state in
          let taken = min(count, state.pending.count)
          state.pending.removeFirst(taken)
          return taken
        }
      while left > 0 {
        let more = readSome(min(left, 1 << 20))
        guard !more.isEmpty else { break }
        left -= more.count
      }
      return count - left
    }

    /// Returns when the client has closed its side.
    func waitForEnd() { while !readSome(64 << 10).isEmpty {} }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
      var sent = 0
      while sent < bytes.count {
        let count = bytes.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw ServerFailure(text: "the client is gone") }
        sent += count
      }
    }

    /// Sends what the socket takes now; how much that was.
    func sendAvailable(_ bytes: [UInt8]) -> Int {
      bytes.withUnsafeBytes {
        max(0, Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT)))
      }
    }

    /// Whether the socket takes bytes, now or within so many milliseconds.
    func isWritable(within milliseconds: Int32) -> Bool {
      var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      return poll(&polled, 1, milliseconds) == 1 && polled.revents == Int16(POLLOUT)
    }

    /// Whether there are bytes to read, or an end, now or within so many milliseconds.
    func isReadable(within milliseconds: Int32) -> Bool {
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      return poll(&polled, 1, milliseconds) == 1
    }

    /// Returns when the server is stopped, having read nothing.
    func waitForInterrupt() {
      var polled = pollfd(fd: descriptor, events: 0, revents: 0)
      while poll(&polled, 1, -1) < 1 {}
    }

    /// An answer with a body of known length.
    func answer(_ status: String = "200 OK", _ fields: [String] = [], body: String = "") throws {
      let head = (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + fields).joined(
        separator: "\r\n")
      try send(head + "\r\n\r\n" + body)
    }

    /// Which way bytes go: to the server, or back to the client.
    enum Way: Sendable { case up, down }

    /// Carries bytes between the client and another server, until one of them ends.
    ///
    /// - Parameter carry: Sends what has come on to the other side.
    func relay(
      to port: Int, _ carry: (_ bytes: [UInt8], Way, _ to: Peer) throws -> Void = { try $2.send($0) }
    ) throws {
      let other = Peer(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
      defer { other.close() }
      var address = ScriptedServer.address(port: port)
      let isConnected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          connect(other.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      guard isConnected else { throw ServerFailure(text: "no server to relay to") }
      while true {
        var polled = [
          pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
          pollfd(fd: other.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&polled, 2, -1) > 0 else { continue }
        for (from, to, way, state) in [(self, other, Way.up, polled[0]), (other, self, .down, polled[1])]
        where state.revents != 0 {
          let bytes = from.readSome(64 << 10)
          guard !bytes.isEmpty else { return }
          try carry(bytes, way, to)
        }
      }
    }

    /// Ends the connection for a script that is in the middle of something.
    func interrupt() {
      state.withLock { state in
        if !state.isClosed { shutdown(descriptor, Int32(SHUT_RDWR)) }
      }
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      close()
    }

    func close() {
      state.withLock { state in
        guard !state.isClosed else { return }
        state.isClosed = true
        Glibc.close(descriptor)
      }
    }

    private func readSome(_ count: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = max(0, recv(descriptor, buffer.baseAddress, count, 0))
      }
    }
  }
}

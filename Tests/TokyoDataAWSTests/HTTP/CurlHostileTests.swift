import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Hostile servers")
struct CurlHostileTests {
  private static let responses = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\nhello",
    "HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n3\r\nabc\r\n0\r\nx: y\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\n\r\n",
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate, Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nSet-Cookie: a=b; Domain=.\r\nAlt-Svc: h2=\":1\"\r\n\r\n\u{1F}\u{8B}",
  ]

  @Test("Spoiled responses end in an answer or an error, and nothing is left", arguments: 0..<8)
  func spoiled(round: Int) async throws {
    // The same responses in every run, so that a failure can be seen again.
    let source = Mutex(SplitMix(state: UInt64(round)))
    try await withServer { peer in
      _ = try peer.request()
      let response = source.withLock { source in
        var bytes = Array((Self.responses.randomElement(using: &source) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...4, using: &source) {
          let index = Int.random(in: 0..<bytes.count, using: &source)
          switch Int.random(in: 0..<4, using: &source) {
          case 0: bytes[index] = UInt8.random(in: 0...255, using: &source)
          case 1: bytes.insert(contentsOf: bytes.suffix(from: index).prefix(40), at: index)
          case 2: bytes.remove(at: index)
          default: bytes.removeSubrange(index..<min(bytes.count, index + 10))
          }
          if bytes.isEmpty { bytes = [0] }
        }
        return bytes
      }
      try peer.send(response)
    } _: { server in
      let transport = CurlTransport(.direct)
      let limits = HTTPLimits(connect: .seconds(30), idle: .seconds(30), total: .seconds(30))
      for index in 0..<100 {
        let body: HTTPRequestBody = index % 2 == 0 ? .none : .text("body")
        do {
          let answer = try await transport.fetch(
            .to(server, index % 2 == 0 ? .get : .put, "/", body), within: limits)
          #expect((200...999).contains(answer.status))
        } catch let error as HTTPError {
          #expect(
            [.connectionLost, .invalidResponse].contains(error.code), "\(error) \(error.curlCode ?? 0)")
        }
      }
      #expect(transport.statistics().running == 0)
    }
  }

  @Test("More bytes than announced spoil the connection, not the next answer")
  func excess() async throws {
    try await withServer { peer in
      while true {
        _ = try peer.request()
        try peer.send(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
      }
    } _: { server in
      let transport = CurlTransport(.direct)
      for _ in 0..<5 {
        let answer = try await transport.fetch(.to(server))
        #expect(answer.body == Array("ok".utf8))
      }
    }
  }
}

/// Numbers that look random and are the same in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

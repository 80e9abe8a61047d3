import Synchronization
import Testing

@testable import TokyoDataAWS

@Suite("Responses from the wire")
struct CurlResponseTests {
  /// How a request to a server that says exactly this, and closes, ends.
  private func fetch(
    _ text: String, _ method: HTTPMethod = .get
  ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send(text)
    } _: { server in
      try await CurlTransport(.direct).fetch(.to(server, method))
    }
  }

  private func code(_ text: String) async throws -> HTTPError.Code? {
    do {
      _ = try await fetch(text)
      return nil
    } catch let error as HTTPError {
      return error.code
    }
  }

  @Test("Head and body come through, fields in their order")
  func whole() async throws {
    let answer = try await fetch(
      "HTTP/1.1 404 Not Found\r\nETag: \"a\"\r\nx-a:1\r\nX-A:  2 \r\nempty:\r\nContent-Length: 3\r\n\r\nabc")
    #expect(answer.status == 404)
    #expect(answer.headers.fields.map(\.name) == ["ETag", "x-a", "X-A", "empty", "Content-Length"])
    #expect(answer.headers.fields.map(\.value) == ["\"a\"", "1", "2", "", "3"])
    #expect(answer.body == Array("abc".utf8))
  }

  @Test(
    "Bodies of every framing",
    arguments: [
      ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nx-trailer: t\r\n\r\n", "abcde"),
      ("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""), ("Content-Length: 0\r\n\r\n", ""),
      ("Connection: close\r\n\r\nuntil the end", "until the end"),
      ("Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", "ab"),
    ])
  func framings(rest: String, body: String) async throws {
    let answer = try await fetch("HTTP/1.1 200 OK\r\n" + rest)
    #expect(String(decoding: answer.body, as: UTF8.self) == body)
    #expect(answer.headers["x-trailer"] == nil)
  }

  @Test("Answers without a body end with their head, whatever length they name")
  func withoutBody() async throws {
    let head = try await fetch("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", .head)
    #expect(head.headers["content-length"] == "5000")
    #expect(head.body.isEmpty)
    #expect(try await fetch("HTTP/1.1 204 No Content\r\n\r\n", .delete).status == 204)
    #expect(try await fetch("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n").status == 304)
  }

  @Test("Informational responses are passed over")
  func informational() async throws {
    let answer = try await fetch(
      "HTTP/1.1 103 Early Hints\r\nx: early\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ny: late\r\n"
        + "Content-Length: 1\r\n\r\nz")
    #expect(answer.headers["x"] == nil)
    #expect(answer.headers["y"] == "late")
    #expect(answer.body == Array("z".utf8))
  }

  @Test("Redirects are answers, cookies and codings are left alone")
  func nothingFollowed() async throws {
    let heads = Mutex<[ReceivedRequest]>([])
    try await withServer { peer in
      while true {
        let request = try peer.request()
        heads.withLock { $0.append(request) }
        try peer.answer(
          "307 Temporary Redirect", ["Location: /other", "Set-Cookie: a=b", "Content-Encoding: gzip"],
          body: "not gzip at all")
      }
    } _: { server in
      let transport = CurlTransport(.direct)
      for _ in 0..<2 {
        let answer = try await transport.fetch(.to(server))
        #expect(answer.status == 307)
        #expect(answer.headers["location"] == "/other")
        #expect(answer.body == Array("not gzip at all".utf8))
      }
      let seen = heads.withLock { $0 }
      #expect(seen.map(\.line) == ["GET / HTTP/1.1", "GET / HTTP/1.1"])
      #expect(seen.allSatisfy { $0.value("cookie") == nil && $0.value("accept-encoding") == nil })
    }
  }

  @Test(
    "A response that breaks off is a lost connection",
    arguments: [
      "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
    ])
  func brokenOff(text: String) async throws {
    #expect(try await code(text) == .connectionLost)
  }

  @Test(
    "What is not HTTP is no response",
    arguments: [
      "SSH-2.0-OpenSSH\r\n", "<html>\r\n\r\n", "HTTP/1.1 2xx OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
      "HTTP/1.1 200 OK\r\na: b\r\n folded\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
    ])
  func notHTTP(text: String) async throws {
    #expect(try await code(text) == .invalidResponse)
  }

  @Test(
    "A head without end is cut off",
    arguments: ["x: y\r\n", "x: \(String(repeating: "y", count: 10_000))\r\n"])
  func endlessHead(line: String) async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\n")
      while true { try peer.send(line) }
    } _: { server in
      let code = try await CurlTransport(.direct).failure(of: .to(server))
      #expect(code == .invalidResponse)
    }
  }

  @Test("A head has so many lines and no more", arguments: [-2, 1])
  func manyLines(beyond: Int) async throws {
    let lines = CurlSizes.headerLines + beyond
    let head =
      "HTTP/1.1 200 OK\r\n" + String(repeating: "x: y\r\n", count: lines - 3) + "Content-Length: 0\r\n\r\n"
    if beyond < 0 {
      let answer = try await fetch(head)
      #expect(answer.headers.fields.count == lines - 2)
    } else {
      let code = try await code(head)
      #expect(code == .invalidResponse)
    }
  }

  @Test("Informational responses without end are cut off")
  func endlessInformation() async throws {
    try await withServer { peer in
      _ = try peer.request()
      while true { try peer.send("HTTP/1.1 100 Continue\r\n\r\n") }
    } _: { server in
      let code = try await CurlTransport(.direct).failure(of: .to(server))
      #expect(code == .invalidResponse)
    }
  }

  @Test("One line without end is cut off")
  func endlessLine() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\nx: ")
      while true { try peer.send(String(repeating: "y", count: 10_000)) }
    } _: { server in
      let code = try await CurlTransport(.direct).failure(of: .to(server))
      #expect(code == .invalidResponse)
    }
  }

  @Test("A body longer than its reader takes is refused")
  func tooLong() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\n\r\n")
      while true { try peer.send(String(repeating: "y", count: 10_000)) }
    } _: { server in
      let transport = CurlTransport(.direct)
      await #expect(throws: HTTPError(.bodyTooLarge)) {
        try await transport.send(.to(server), within: HTTPLimits()) { _, body in
          try await body.collect(upTo: 100_000)
        }
      }
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("Bytes that came before the connection broke are handed on first")
  func partial() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    } _: { server in
      try await CurlTransport(.direct).send(.to(server), within: HTTPLimits()) { response, body in
        #expect(response.status == 200)
        let piece = try await body.next()
        #expect(piece == Array("abc".utf8))
        await #expect(throws: HTTPError(.connectionLost, curlCode: 18)) { try await body.next() }
      }
    }
  }
}

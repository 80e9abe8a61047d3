import Synchronization
import Testing

@testable import TokyoDataAWS

@Suite("Requests on the wire")
struct CurlRequestTests {
  /// What a server sees of a request that it answers with 200.
  private func seen(_ make: (ScriptedServer) -> HTTPRequest) async throws -> (ReceivedRequest, [UInt8]) {
    let seen = Mutex<(ReceivedRequest, [UInt8])?>(nil)
    let transport = CurlTransport(.direct)
    return try await withServer { peer in
      let request = try peer.requestWithBody()
      seen.withLock { $0 = request }
      try peer.answer()
    } _: { server in
      let answer = try await transport.fetch(make(server))
      #expect(answer.status == 200)
      return try #require(seen.withLock { $0 })
    }
  }

  @Test("The head holds what was asked for, the host and the client's name, and nothing else")
  func head() async throws {
    var port = 0
    let (request, body) = try await seen { server in
      port = server.port
      var request = HTTPRequest.to(server, .get, "/a")
      request.query = "list-type=2&prefix=x%2Fy"
      request.headers = HTTPHeaders(["x-amz-date": "20260101T000000Z", "x-empty": ""])
      return request
    }
    #expect(request.line == "GET /a?list-type=2&prefix=x%2Fy HTTP/1.1")
    #expect(
      request.fields.sorted() == [
        "Host: 127.0.0.1:\(port)", "User-Agent: tokyo-data", "x-amz-date: 20260101T000000Z", "x-empty:",
      ])
    #expect(body.isEmpty)
  }

  @Test(
    "Paths are sent as they are",
    arguments: ["/a/../b", "/a//b/./c", "/..", "/%2E%2e/x", "//two", "/a;b=c,d"])
  func path(path: String) async throws {
    let (request, _) = try await seen { .to($0, .get, path) }
    #expect(request.line == "GET \(path) HTTP/1.1")
  }

  @Test(
    "Bodies go out whole, with their length and without a question before",
    arguments: [
      (HTTPMethod.put, ["one"]), (.put, []), (.post, ["one", "", "two"]), (.post, []), (.delete, []),
      (.delete, ["x"]),
    ])
  func bodies(method: HTTPMethod, pieces: [String]) async throws {
    let (request, body) = try await seen {
      .to($0, method, "/key", .bytes(pieces.map { Array($0.utf8)[...] }))
    }
    let text = pieces.joined()
    #expect(request.line == "\(method.rawValue) /key HTTP/1.1")
    #expect(
      request.value("content-length") == (method == .delete && text.isEmpty ? nil : "\(text.utf8.count)"))
    #expect(request.value("expect") == nil)
    #expect(request.value("content-type") == nil)
    #expect(request.value("transfer-encoding") == nil)
    #expect(String(decoding: body, as: UTF8.self) == text)
  }

  @Test("A body of two megabytes is not asked about unless the request says so", arguments: [false, true])
  func expectation(asks: Bool) async throws {
    let piece = [UInt8](repeating: 1, count: 2 << 20)
    let heads = Mutex<[ReceivedRequest]>([])
    try await withServer { peer in
      let request = try peer.request()
      heads.withLock { $0.append(request) }
      if request.value("expect") != nil { try peer.send("HTTP/1.1 100 Continue\r\n\r\n") }
      guard peer.discard(request.length) == request.length else { return }
      try peer.answer()
    } _: { server in
      var request = HTTPRequest.to(server, .put, "/", .bytes([piece[...]]))
      request.expectsContinue = asks
      let answer = try await CurlTransport(.direct).fetch(request)
      #expect(answer.status == 200)
      #expect(heads.withLock { $0.map { $0.value("expect") } } == [asks ? "100-continue" : nil])
    }
  }

  @Test("A refusal instead of the go-ahead is the answer, and the body stays here")
  func refused() async throws {
    let calls = Atomic(0)
    try await withServer { peer in
      _ = try peer.request()
      try peer.answer("403 Forbidden", ["Connection: close"], body: "no")
    } _: { server in
      let body = HTTPRequestBody.stream(length: 8 << 20) {
        calls.add(1, ordering: .relaxed)
        return [UInt8](repeating: 1, count: 1 << 20)
      }
      var request = HTTPRequest.to(server, .put, "/", body)
      request.expectsContinue = true
      let answer = try await CurlTransport(.patient).fetch(request)
      #expect(answer.status == 403)
      #expect(answer.body == Array("no".utf8))
      // One piece is made ready while the connection is.
      #expect(calls.load(ordering: .relaxed) <= 1)
    }
  }

  @Test("A server that does not know the question gets the body without it")
  func expectationFailed() async throws {
    let heads = Mutex<[String?]>([])
    try await withServer { peer in
      while true {
        let request = try peer.request()
        heads.withLock { $0.append(request.value("expect")) }
        guard request.value("expect") == nil else {
          try peer.answer("417 Expectation Failed", body: "what?")
          continue
        }
        let body = try peer.receive(request.length)
        try peer.answer(body: "\(body.count) \(Set(body))")
      }
    } _: { server in
      let piece = [UInt8](repeating: 1, count: 2 << 20)
      var request = HTTPRequest.to(server, .put, "/", .bytes([piece[...]]))
      request.expectsContinue = true
      let answer = try await CurlTransport(.patient).fetch(request)
      #expect(answer.status == 200)
      #expect(answer.body == Array("\(2 << 20) [1]".utf8))
      #expect(heads.withLock { $0 } == ["100-continue", nil])
    }
  }

  @Test("The client's name is configured, and a request may bring its own")
  func userAgent() async throws {
    let agents = Mutex<[String?]>([])
    try await withServer { peer in
      while true {
        let request = try peer.request()
        agents.withLock { $0.append(request.value("user-agent")) }
        try peer.answer()
      }
    } _: { server in
      var configuration = CurlConfiguration.direct
      configuration.userAgent = "tokyo-data/1 md/x"
      let transport = CurlTransport(configuration)
      var request = HTTPRequest.to(server)
      _ = try await transport.fetch(request)
      request.headers["User-Agent"] = "mine"
      _ = try await transport.fetch(request)
      #expect(agents.withLock { $0 } == ["tokyo-data/1 md/x", "mine"])
    }
  }

  @Test("What could end a line, or change where a request goes, is refused", arguments: Refusal.all)
  func refusals(refusal: Refusal) async throws {
    var request = HTTPRequest(
      method: .get, origin: HTTPOrigin(isSecure: false, host: "127.0.0.1", port: 1), path: "/")
    refusal.spoil(&request)
    #expect(try await CurlTransport(.direct).failure(of: request) == .invalidRequest)
  }
}

/// One way to spoil a request.
struct Refusal: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var spoil: @Sendable (inout HTTPRequest) -> Void

  static let all: [Refusal] =
    ["no-slash", "", "/a b", "/a\r\nX: y", "/a?b", "/a#b", "/ä", "/a\u{0}"].map { path in
      Refusal(testDescription: "path \(path.debugDescription)") { $0.path = path }
    }
    + ["a#b", "a b", "a\u{0}", "ä=1"].map { query in
      Refusal(testDescription: "query \(query.debugDescription)") { $0.query = query }
    }
    + ["a b", "", "a:b", "a\r\n", "ä", "Transfer-Encoding", "connection", "Content-Length", "Expect"].map {
      name in
      Refusal(testDescription: "header \(name.debugDescription)") { $0.headers.add(name, "7") }
    }
    + ["b\r\nc: d", "b\nc", "b\u{0}c", "b\u{7F}"].map { value in
      Refusal(testDescription: "header value \(value.debugDescription)") { $0.headers.add("a", value) }
    }
    + ["", "a/b", "user@host", "a:80", "[::1", "[g::1]", "[]", "a b", "ä"].map { host in
      Refusal(testDescription: "host \(host.debugDescription)") { $0.origin.host = host }
    }
    + [0, 65536, -1].map { (port: Int) in Refusal(testDescription: "port \(port)") { $0.origin.port = port } }
    + [
      Refusal(testDescription: "GET with a body") { $0.body = .text("a") },
      Refusal(testDescription: "negative length") { request in
        request.method = .put
        request.body = .stream(length: -1) { nil }
      },
    ]
}

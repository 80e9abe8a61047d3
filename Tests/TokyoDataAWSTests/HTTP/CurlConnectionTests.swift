import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Connections")
struct CurlConnectionTests {
  @Test("Requests one after the other share a connection")
  func keepAlive() async throws {
    try await withServer { peer in
      while true {
        let (request, _) = try peer.requestWithBody()
        try peer.answer(body: request.line.hasPrefix("HEAD") ? "" : "x")
      }
    } _: { server in
      let transport = CurlTransport(.direct)
      for method in [HTTPMethod.get, .put, .head, .delete, .post, .get] {
        let body = method == .put ? HTTPRequestBody.text("abc") : .none
        let answer = try await transport.fetch(.to(server, method, "/", body))
        #expect(answer.status == 200)
      }
      #expect(server.accepted == 1)
      #expect(transport.statistics() == .init(running: 0, connections: 1))
      await transport.close()
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("No more connections than allowed, to a host and in all", arguments: [(2, 100), (100, 3)])
  func connectionLimits(perHost: Int, total: Int) async throws {
    let open = Mutex((now: 0, most: 0))
    try await withServer { peer in
      open.withLock { open in
        open.now += 1
        open.most = max(open.most, open.now)
      }
      defer { open.withLock { $0.now -= 1 } }
      while true {
        _ = try peer.request()
        try peer.answer(body: "x")
      }
    } _: { server in
      var configuration = CurlConfiguration.direct
      configuration.connectionsPerHost = perHost
      configuration.connections = total
      let transport = CurlTransport(configuration)
      try await withThrowingTaskGroup { group in
        for _ in 0..<40 {
          group.addTask { _ = try await transport.fetch(.to(server)) }
        }
        try await group.waitForAll()
      }
      #expect(open.withLock { $0.most } <= min(perHost, total))
      #expect(server.accepted >= 1)
      #expect(transport.statistics().running == 0)
    }
  }

  @Test("A kept connection that the server closed is not used again")
  func closedByServer() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.answer()
    } _: { server in
      let transport = CurlTransport(.direct)
      for _ in 0..<5 { _ = try await transport.fetch(.to(server)) }
      #expect(server.accepted == 5)
    }
  }

  @Test(
    "On a kept connection that dies under a request, the request is sent again only where it may be",
    arguments: [
      (HTTPMethod.get, "", true), (.put, "body", true), (.get, "", false), (.post, "", false),
      (.post, "body", false),
    ])
  func resending(method: HTTPMethod, text: String, isResendable: Bool) async throws {
    let seen = Mutex<[String]>([])
    let connections = Atomic(0)
    try await withServer { peer in
      let isFirst = connections.add(1, ordering: .relaxed).oldValue == 0
      while true {
        let (request, body) = try peer.requestWithBody()
        guard request.line.contains("/second") else {
          try peer.answer()
          continue
        }
        seen.withLock { $0.append(String(decoding: body, as: UTF8.self)) }
        guard !isFirst else { return }
        try peer.answer(body: "x")
      }
    } _: { server in
      let transport = CurlTransport(.direct)
      _ = try await transport.fetch(.to(server))
      var request = HTTPRequest.to(server, method, "/second", text.isEmpty ? .none : .text(text))
      request.isResendable = isResendable
      if isResendable {
        let answer = try await transport.fetch(request)
        #expect(answer.status == 200)
        #expect(seen.withLock { $0 } == [text, text])
      } else if text.isEmpty {
        // It got a connection of its own.
        let answer = try await transport.fetch(request)
        #expect(answer.status == 200)
        #expect(seen.withLock { $0 } == [""])
      } else {
        let code = try await transport.failure(of: request)
        #expect(code == .connectionLost)
        #expect(seen.withLock { $0 } == [text])
      }
    }
  }

  @Test("Nobody listens: nothing was sent")
  func nobody() async throws {
    let server = try ScriptedServer { _ in }
    server.stop()
    let transport = CurlTransport(.direct)
    #expect(try await transport.failure(of: .to(server)) == .cannotConnect)
    var request = HTTPRequest.to(server)
    request.origin.host = "no-such-host.invalid"
    #expect(try await transport.failure(of: request) == .cannotConnect)
    #expect(transport.statistics() == .init(running: 0, connections: 0))
  }

  @Test("A connection that is reset is lost")
  func reset() async throws {
    try await withServer { peer in
      _ = try peer.request()
      peer.reset()
    } _: { server in
      let code = try await CurlTransport(.direct).failure(of: .to(server))
      #expect(code == .connectionLost)
    }
  }

  @Test("A closed transport sends nothing, and what runs ends")
  func closing() async throws {
    let reached = Gate()
    try await withServer { peer in
      _ = try peer.request()
      reached.open()
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      async let code = transport.failure(of: .to(server))
      try await reached.wait()
      await transport.close()
      #expect(transport.statistics() == .init(running: 0, connections: 0))
      let closed = try await code
      #expect(closed == .closed)
      let late = try await transport.failure(of: .to(server))
      #expect(late == .closed)
      await transport.close()
      await CurlTransport(.direct).close()
    }
  }
}

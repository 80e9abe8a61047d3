import Foundation
import Synchronization
import Testing

@testable import TokyoDataAWS

@Suite("Proxies")
struct CurlProxyTests {
  private static func configuration(_ server: ScriptedServer, exceptions: String = "") -> CurlConfiguration {
    var configuration = CurlConfiguration()
    configuration.proxy = .url("http://127.0.0.1:\(server.port)", exceptions: exceptions)
    return configuration
  }

  private static func request(isSecure: Bool = false, host: String = "target.test") -> HTTPRequest {
    HTTPRequest(
      method: .get, origin: HTTPOrigin(isSecure: isSecure, host: host), path: "/a/../b")
  }

  @Test("A plain request goes to the proxy with its whole address")
  func plain() async throws {
    let seen = Mutex<ReceivedRequest?>(nil)
    try await withServer { peer in
      let request = try peer.request()
      seen.withLock { $0 = request }
      try peer.answer(body: "from the proxy")
    } _: { server in
      let answer = try await CurlTransport(Self.configuration(server)).fetch(Self.request())
      #expect(answer.body == Array("from the proxy".utf8))
      let request = try #require(seen.withLock { $0 })
      #expect(request.line == "GET http://target.test/a/../b HTTP/1.1")
      #expect(request.value("host") == "target.test")
    }
  }

  @Test("A secure request asks for a tunnel, and the proxy's answer is none of the server's")
  func tunnel() async throws {
    let lines = Mutex<[String]>([])
    try await withServer { peer in
      let request = try peer.request()
      lines.withLock { $0.append(request.line) }
      try peer.answer("403 Forbidden", body: "not through here")
    } _: { server in
      let code = try await CurlTransport(Self.configuration(server)).failure(of: Self.request(isSecure: true))
      #expect(code == .cannotConnect)
      #expect(lines.withLock { $0 } == ["CONNECT target.test:443 HTTP/1.1"])
    }
  }

  @Test("A tunnel that stands leads to a server that must prove itself")
  func throughTunnel() async throws {
    try await withTLSServer(for: "DNS:target.test") { port, certificate in
      try await withServer { peer in
        _ = try peer.request()
        try peer.send("HTTP/1.1 200 Connection established\r\nx-proxy: 1\r\n\r\n")
        try peer.relay(to: port)
      } _: { server in
        var configuration = Self.configuration(server)
        let code = try await CurlTransport(configuration).failure(of: Self.request(isSecure: true))
        #expect(code == .insecure)
        configuration.caBundle = certificate
        let answer = try await CurlTransport(configuration).fetch(Self.request(isSecure: true))
        #expect(answer.status == 200)
        #expect(answer.headers["x-proxy"] == nil)
      }
    }
  }

  @Test("A proxy that is not there")
  func missing() async throws {
    let server = try ScriptedServer { _ in }
    server.stop()
    let code = try await CurlTransport(Self.configuration(server)).failure(of: Self.request())
    #expect(code == .cannotConnect)
  }

  @Test("Exceptions, and requests that want none, go straight to their origin", arguments: [false, true])
  func around(wantsNone: Bool) async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.answer(body: "from the proxy")
    } _: { proxy in
      try await withServer { peer in
        let request = try peer.request()
        try peer.answer(body: request.line)
      } _: { server in
        var request = HTTPRequest.to(server)
        request.bypassesProxy = wantsNone
        let transport = CurlTransport(
          Self.configuration(proxy, exceptions: wantsNone ? "" : "127.0.0.1,x.test"))
        let answer = try await transport.fetch(request)
        #expect(answer.body == Array("GET / HTTP/1.1".utf8))
      }
    }
  }

  @Test("The environment's proxies count unless the configuration says otherwise")
  func environment() async {
    // In a process of its own: other tests must not see these variables.
    await #expect(processExitsWith: .success) {
      try await withServer { peer in
        let request = try peer.request()
        try peer.answer(body: request.line)
      } _: { server in
        setenv("http_proxy", "http://127.0.0.1:\(server.port)", 1)
        setenv("no_proxy", "other.invalid", 1)
        let answer = try await CurlTransport().fetch(CurlProxyTests.request())
        try #require(answer.body == Array("GET http://target.test/a/../b HTTP/1.1".utf8))
        for (host, configuration) in [("other.invalid", CurlConfiguration()), ("target.invalid", .direct)] {
          let code = try await CurlTransport(configuration).failure(of: CurlProxyTests.request(host: host))
          try #require(code == .cannotConnect)
        }
      }
    }
  }
}

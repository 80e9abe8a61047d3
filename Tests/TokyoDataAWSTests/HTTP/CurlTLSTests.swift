import Testing

@testable import TokyoDataAWS

@Suite("TLS")
struct CurlTLSTests {
  private func request(port: Int, host: String = "127.0.0.1") -> HTTPRequest {
    HTTPRequest(method: .get, origin: HTTPOrigin(isSecure: true, host: host, port: port), path: "/")
  }

  private func transport(trusting bundle: String? = nil) -> CurlTransport {
    var configuration = CurlConfiguration.direct
    configuration.caBundle = bundle
    return CurlTransport(configuration)
  }

  @Test("A certificate that nobody vouches for is refused, and nothing is sent")
  func unknownIssuer() async throws {
    try await withTLSServer(for: "IP:127.0.0.1") { port, _ in
      let transport = transport()
      await #expect(throws: HTTPError(.insecure, curlCode: 60)) {
        try await transport.fetch(request(port: port))
      }
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("With the bundle that vouches for it the same server answers, and sessions are taken up again")
  func bundle() async throws {
    try await withTLSServer(for: "IP:127.0.0.1,DNS:localhost") { port, certificate in
      let transport = transport(trusting: certificate)
      for (host, word) in [("127.0.0.1", "New"), ("127.0.0.1", "Reused"), ("localhost", "New")] {
        let answer = try await transport.fetch(request(port: port, host: host))
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(word + ", TLSv1.3"))
      }
    }
  }

  @Test("A certificate for another name is refused, though its issuer is trusted")
  func otherName() async throws {
    try await withTLSServer(for: "DNS:other.test") { port, certificate in
      await #expect(throws: HTTPError(.insecure, curlCode: 60)) {
        try await transport(trusting: certificate).fetch(request(port: port))
      }
    }
  }

  @Test("A bundle that cannot be read trusts nobody")
  func missingBundle() async throws {
    try await withTLSServer(for: "IP:127.0.0.1") { port, certificate in
      await #expect(throws: HTTPError(.insecure, curlCode: 77)) {
        try await transport(trusting: certificate + ".missing").fetch(request(port: port))
      }
    }
  }

  @Test("TLS before 1.2 is refused")
  func oldTLS() async throws {
    try await withTLSServer(for: "IP:127.0.0.1", ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]) {
      port, certificate in
      await #expect(throws: HTTPError(.cannotConnect, curlCode: 35)) {
        try await transport(trusting: certificate).fetch(request(port: port))
      }
    }
  }

  @Test(
    "A server that speaks no TLS, and one that stops in the middle of the handshake",
    arguments: ["HTTP/1.1 400 Bad\r\n\r\n", ""])
  func noTLS(text: String) async throws {
    try await withServer { peer in
      _ = try peer.receive(20)
      try peer.send(text)
      peer.close()
    } _: { server in
      await #expect(throws: HTTPError(.cannotConnect, curlCode: 35)) {
        try await transport().fetch(.to(server, isSecure: true))
      }
    }
  }
}

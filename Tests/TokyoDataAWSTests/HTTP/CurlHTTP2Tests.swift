import Testing

@testable import TokyoDataAWS

@Suite("HTTP/2")
struct CurlHTTP2Tests {
  private func transport(_ bundle: String, allowsHTTP2: Bool = true) -> CurlTransport {
    var configuration = CurlConfiguration.direct
    configuration.caBundle = bundle
    configuration.allowsHTTP2 = allowsHTTP2
    return CurlTransport(configuration)
  }

  /// Which protocol a request was answered in.
  private func version(_ transport: CurlTransport, _ request: HTTPRequest) async throws -> String {
    let answer = try await transport.fetch(request)
    #expect(answer.status == 200)
    return String(decoding: answer.body, as: UTF8.self)
  }

  private func expect(_ version: String, _ transport: CurlTransport, _ request: HTTPRequest) async throws {
    let seen = try await self.version(transport, request)
    #expect(seen == version)
  }

  private func request(_ port: Int, _ method: HTTPMethod = .get, _ body: HTTPRequestBody = .none)
    -> HTTPRequest
  {
    HTTPRequest(
      method: method, origin: HTTPOrigin(isSecure: true, host: "127.0.0.1", port: port), path: "/", body: body
    )
  }

  @Test("Spoken where it is offered, and the connection is shared")
  func spoken() async throws {
    try await withHTTP2Server(requestsPerConnection: 100) { port, certificate in
      let transport = transport(certificate)
      for _ in 0..<3 {
        try await expect("HTTP/2", transport, request(port))
        try await expect("HTTP/2", transport, request(port, .post, .text("x")))
      }
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<20 { group.addTask { try await version(transport, request(port)) } }
        for try await version in group { #expect(version == "HTTP/2") }
      }
      #expect(transport.statistics() == .init(running: 0, connections: 1))
    }
  }

  @Test(
    "Big bodies, and requests that may not be sent twice, go over HTTP/1.1, as all do where that is wanted")
  func notSpoken() async throws {
    try await withHTTP2Server(requestsPerConnection: 100) { port, certificate in
      let transport = transport(certificate)
      let big = [UInt8](repeating: 1, count: 100_000)
      var once = request(port, .post, .text("x"))
      once.isResendable = false
      let requests = [
        request(port, .put, .bytes([big[...]])), request(port, .put, .stream(length: big.count) { big }),
        once,
      ]
      try await expect("HTTP/2", transport, request(port))
      for request in requests { try await expect("HTTP/1.1", transport, request) }
      try await expect("HTTP/1.1", self.transport(certificate, allowsHTTP2: false), request(port))
    }
  }

  @Test("A server that ends its connections after a few requests answers all of them", arguments: [0, 1, 3])
  func ended(requestsPerConnection: Int) async throws {
    try await withHTTP2Server(requestsPerConnection: requestsPerConnection) { port, certificate in
      let transport = transport(certificate)
      var versions: Set<String> = []
      for index in 0..<20 {
        let body: HTTPRequestBody = index % 2 == 0 ? .none : .text("body")
        versions.insert(try await version(transport, request(port, index % 2 == 0 ? .get : .put, body)))
      }
      #expect(versions == (requestsPerConnection == 0 ? ["HTTP/1.1"] : ["HTTP/2", "HTTP/1.1"]))
      #expect(transport.statistics().running == 0)
    }
  }
}

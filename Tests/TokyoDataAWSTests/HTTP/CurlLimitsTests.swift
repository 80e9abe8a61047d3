import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Limits of time")
struct CurlLimitsTests {
  private func limits(
    connect: Duration = .seconds(30), idle: Duration = .seconds(30), total: Duration? = .seconds(60)
  ) -> HTTPLimits {
    HTTPLimits(connect: connect, idle: idle, total: total)
  }

  @Test("A connection that does not stand in time, TLS included")
  func connect() async throws {
    try await withServer { peer in
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      let code = try await transport.failure(
        of: .to(server, isSecure: true), within: limits(connect: .milliseconds(200)))
      #expect(code == .connectTimeout)
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test(
    "No byte for too long",
    arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "HTTP/1.1 200 OK\r\nx"])
  func idle(text: String) async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send(text)
      peer.waitForEnd()
    } _: { server in
      let transport = CurlTransport(.direct)
      let code = try await transport.failure(of: .to(server), within: limits(idle: .milliseconds(200)))
      #expect(code == .idleTimeout)
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("Slow is not idle")
  func slow() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n")
      for _ in 0..<30 {
        _ = peer.isReadable(within: 100)
        try peer.send("x")
      }
    } _: { server in
      let answer = try await CurlTransport(.direct).fetch(
        .to(server), within: limits(idle: .seconds(2)))
      #expect(answer.body.count == 30)
    }
  }

  @Test("A transfer whose own reader or producer takes its time is not idle")
  func ownDelay() async throws {
    let block = [UInt8](repeating: 1, count: 20 << 20)
    try await withServer { peer in
      let request = try peer.request()
      guard request.line.contains("/busy") else { return peer.waitForEnd() }
      guard peer.discard(request.length) == request.length else { return }
      try peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(block.count)\r\n\r\n")
      try peer.send(block)
    } _: { server in
      let transport = CurlTransport(.direct)
      /// Lasts longer than the limit.
      let delay: @Sendable () async throws -> Void = {
        let code = try await transport.failure(
          of: .to(server),
          within: HTTPLimits(connect: .seconds(30), idle: .seconds(30), total: .milliseconds(1500)))
        #expect(code == .totalTimeout)
      }
      let body = HTTPRequestBody.stream(length: 1) {
        try await delay()
        return [1]
      }
      let count = try await transport.send(
        .to(server, .put, "/busy", body), within: limits(idle: .seconds(1))
      ) { _, body in
        try await delay()
        return try await body.collect(upTo: 1 << 30).count
      }
      #expect(count == block.count)
    }
  }

  @Test("The whole takes too long, though bytes come")
  func total() async throws {
    try await withServer { peer in
      _ = try peer.request()
      try peer.send("HTTP/1.1 200 OK\r\n\r\n")
      while !peer.isReadable(within: 20) { try peer.send("x") }
    } _: { server in
      let transport = CurlTransport(.direct)
      let code = try await transport.failure(of: .to(server), within: limits(total: .milliseconds(300)))
      #expect(code == .totalTimeout)
      #expect(transport.statistics() == .init(running: 0, connections: 0))
    }
  }

  @Test("Waiting for a connection counts as well")
  func waitingInLine() async throws {
    let reached = Gate()
    let go = ThreadGate()
    try await withServer { peer in
      _ = try peer.request()
      reached.open()
      go.wait()
      try peer.answer()
    } _: { server in
      defer { go.open() }
      var configuration = CurlConfiguration.direct
      configuration.connectionsPerHost = 1
      let transport = CurlTransport(configuration)
      async let first = transport.fetch(.to(server))
      try await reached.wait()
      let code = try await transport.failure(of: .to(server), within: limits(total: .milliseconds(200)))
      #expect(code == .totalTimeout)
      #expect(transport.statistics() == .init(running: 1, connections: 1))
      go.open()
      _ = try await first
    }
  }

  @Test(
    "Durations in milliseconds: at least one, at most what libcurl takes",
    arguments: [
      (Duration.zero, 1), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2),
      (.seconds(-1), 1),
      (.seconds(5), 5000), (.seconds(Int64.max), 2_000_000_000),
    ])
  func milliseconds(duration: Duration, expected: Int) {
    #expect(duration.wholeMilliseconds == expected)
  }
}

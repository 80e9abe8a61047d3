import Foundation
import Testing

@testable import TokyoDataRedis

extension ServerTests {
  @Suite("Under Sentinel", .serialized, .timeLimit(.minutes(3)))
  struct SentinelTests {
    private let key = CacheKey("k")

    /// Sets a value until that succeeds; every refusal is of a kind that a cache may have, and in its time.
    private func setInTheEnd(_ cache: RedisCache, _ value: [UInt8]) async throws {
      while true {
        let start = ContinuousClock.now
        let refusal = await code { try await cache.set(key, to: value, expiry: .never) }
        #expect(.now - start < .seconds(3))
        guard let refusal else { return }
        #expect(refusal == .unavailable || refusal == .timeout)
      }
    }

    @Test(
      "the cache follows the master when it dies, hangs or is told to be one no longer",
      arguments: [SIGKILL, SIGSTOP, 0])
    func failover(_ signal: Int32) async throws {
      try await OwnService.run("redis-sentinel") { configuration in
        var configuration = configuration
        configuration.longestPause = .milliseconds(200)
        try await closing(try RedisCache(configuration)) { cache in
          try await cache.set(key, to: [1], expiry: .never)
          let (process, port) = try await (
            fact("process_id", of: cache.servers), fact("tcp_port", of: cache.servers)
          )
          if signal == 0 {
            try await askForFailover(configuration)
            // Until the sentinels have agreed the old master still is the master.
            while (try? await fact("tcp_port", of: cache.servers)) ?? port == port {
              _ = await code { try await cache.set(key, to: [2], expiry: .never) }
            }
          } else {
            kill(process, signal)
          }
          try await setInTheEnd(cache, [3])
          #expect(try await cache.get(key) == [3])
          #expect(try await fact("tcp_port", of: cache.servers) != port)
        }
      }
    }

    private func askForFailover(_ configuration: RedisConfiguration) async throws {
      guard case .sentinel(let master, let sentinels) = configuration.topology else { return }
      let sentinel = try RedisCache(RedisConfiguration(.single(sentinels[0])))
      try await closing(sentinel) { sentinel in
        let order = RedisCommand(words: "SENTINEL", "FAILOVER", master)
        let replies = try await sentinel.servers.send([order], until: .now + .seconds(5))
        #expect(replies == [.status(Array("OK".utf8))])
      }
    }

    @Test("a name that the sentinels do not know, and sentinels that are not there, are errors in time")
    func unknown() async throws {
      var configuration = try RedisService.sentinel.configuration()
      guard case .sentinel(_, let sentinels) = configuration.topology else { return }
      configuration.topology = .sentinel(master: "nobody", sentinels)
      try await closing(try RedisCache(configuration)) { cache in
        #expect(await code { _ = try await cache.get(key) } == .unavailable)
      }
      configuration.topology = .sentinel(master: "main", [.host("127.0.0.1", port: 1)])
      try await closing(try RedisCache(configuration)) { cache in
        #expect(await code { _ = try await cache.get(key) } == .unavailable)
      }
    }

    @Test("a sentinel that is not there costs nothing while another is")
    func oneOfMany() async throws {
      var configuration = try RedisService.sentinel.configuration()
      guard case .sentinel(let master, let sentinels) = configuration.topology else { return }
      configuration.topology = .sentinel(
        master: master, [.host("127.0.0.1", port: 1), .host("127.0.0.1", port: 2)] + sentinels.prefix(1))
      for _ in 0..<5 {
        try await closing(try RedisCache(configuration)) { cache in
          let value = try await cache.get(key)
          #expect(value == nil)
        }
      }
    }

    @Test("an answer that is no address is an error of the server, and a replica is not taken for the master")
    func answers() throws {
      let asked = RedisEndpoint.host("h", port: 1)
      func address(_ reply: RedisReply) throws -> RedisEndpoint {
        try SentinelDiscovery.address(in: [reply], asked: asked)
      }
      #expect(
        try address(.array([.bytes(Array("10.0.0.1".utf8)), .bytes(Array("7".utf8))]))
          == .host("10.0.0.1", port: 7))
      for reply in [
        .array([]), .array([.bytes([]), .bytes(Array("x".utf8))]), .integer(1),
        .array([.bytes([65]), .bytes(Array("70000".utf8))]),
      ] as [RedisReply] {
        #expect(throws: TokyoDataError.self) { try address(reply) }
      }
      let setup = ConnectionSetup(user: nil, password: nil, clientName: "", mustBeMaster: true)
      try setup.check([.array([.bytes(Array("master".utf8)), .integer(0), .array([])])])
      for role in [.array([.bytes(Array("slave".utf8))]), .array([]), .null] as [RedisReply] {
        #expect(throws: TokyoDataError.self) { try setup.check([role]) }
      }
    }
  }
}

import Testing
import TokyoDataTesting

@testable import TokyoDataRedis

extension ServerTests {
  @Suite("RedisCache keeps the contract of a cache", .timeLimit(.minutes(2)))
  struct RedisConformanceTests {
    struct Fixture: CacheFixture {
      let redis: RedisCache
      var cache: any Cache { redis }

      /// Redis measures lives by its own clock, which nobody can move.
      func pass(_ time: Duration) async throws { try await Task.sleep(for: time) }
    }

    @Test("for each sentence", arguments: RedisService.allCases, CacheConformance.cases)
    func keepsContract(_ service: RedisService, _ conformance: ConformanceCase<any CacheFixture>) async throws
    {
      try await service.withCache { try await conformance.run(on: Fixture(redis: $0)) }
    }

    @Test("and puts a thousand keys where they belong, in one call", arguments: RedisService.allCases)
    func manyKeys(_ service: RedisService) async throws {
      try await service.withCache { cache in
        let keys = (0..<1000).map { CacheKey("k\($0)") }
        try await cache.set(keys.enumerated().map { CacheItem($1, [UInt8($0 & 255)], expiry: .never) })
        #expect(try await cache.get(keys) == (0..<1000).map { [UInt8($0 & 255)] })
        try await cache.delete(keys)
        #expect(try await cache.getEntries(keys) == Array(repeating: nil, count: 1000))
      }
    }

    @Test("the digests of scripts are those that the server makes")
    func digests() async throws {
      try await RedisService.tcp.withCache { cache in
        for script in CacheScript.all {
          let load = RedisCommand(words: "SCRIPT", "LOAD", script.source)
          let replies = try await cache.servers.send([load], until: .now + .seconds(20))
          #expect(replies == [.bytes(Array(script.digest.utf8))])
        }
      }
    }

    @Test("keys begin with the prefix")
    func prefix() async throws {
      try await RedisService.tcp.withCache { cache in
        try await cache.set(CacheKey("a"), to: [1], expiry: .never)
        let get = RedisCommand("GET", [cache.prefix + Array("a".utf8)])
        #expect(try await cache.servers.send([get], until: .now + .seconds(20)) == [.bytes([1])])
      }
    }
  }
}

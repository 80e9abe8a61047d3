import Foundation
import MetricsTestKit
import Testing
import TokyoDataTesting

@testable import TokyoDataRedis

extension ServerTests {
  @Suite("A Redis that fails", .serialized, .timeLimit(.minutes(2)))
  struct FaultTests {
    /// A cache at a server of its own, whose pauses end when the test says so.
    struct Laboratory {
      let cache: RedisCache
      let server: OwnRedis
      let clock: ManualClock
      let metrics: TestMetrics

      func failures(_ code: TokyoDataError.Code) throws -> Int64 {
        try metrics.expectCounter(
          MetricName.failures.rawValue, [("db.system.name", "redis"), ("error.type", code.description)]
        ).totalValue
      }

      func gauge(_ name: MetricName) throws -> Double? {
        try metrics.expectGauge(name.rawValue, [("db.system.name", "redis")]).lastValue
      }

      func count(_ name: MetricName) throws -> Int64 {
        try metrics.expectCounter(name.rawValue, [("db.system.name", "redis")]).totalValue
      }

      /// So many gets at once, and how they ended; each within its time and a second for a busy machine.
      func gets(_ count: Int, within limit: Duration = .seconds(3)) async -> [TokyoDataError.Code?] {
        let start = ContinuousClock.now
        let outcomes = await withTaskGroup(of: TokyoDataError.Code?.self) { group in
          for number in 0..<count {
            group.addTask { [cache] in await code { _ = try await cache.get(CacheKey("k\(number)")) } }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(.now - start < limit)
        return outcomes
      }
    }

    private func withLaboratory(
      _ options: [String] = [], _ configure: (inout RedisConfiguration) -> Void = { _ in },
      _ body: (Laboratory) async throws -> Void
    ) async throws {
      try await withOwnRedis(options) { server in
        var configuration = RedisConfiguration(.single(server.endpoint))
        configuration.commandTimeout = .seconds(1)
        configuration.connectTimeout = .seconds(1)
        configure(&configuration)
        let (clock, metrics) = (ManualClock(Day(daysSince1970: 20_454).start), TestMetrics())
        let cache = try RedisCache(configuration, clock: clock, metricsFactory: metrics)
        try await closing(cache) { cache in
          try await body(Laboratory(cache: cache, server: server, clock: clock, metrics: metrics))
        }
      }
    }

    @Test("killed under load: every call ends, it costs nothing while it is down, and it is used again after")
    func killed() async throws {
      try await withLaboratory { laboratory in
        let (cache, server) = (laboratory.cache, laboratory.server)
        try await cache.set(CacheKey("k0"), to: [1], expiry: .never)
        async let gets = laboratory.gets(2000)
        server.signal(SIGKILL)
        for outcome in await gets { #expect(outcome == nil || outcome == .unavailable) }
        server.end()
        _ = await laboratory.gets(1)
        _ = await laboratory.gets(1)
        #expect(try laboratory.gauge(.paused) == 1)
        #expect(try laboratory.gauge(.connectionCount) == 0)
        let attempts = try laboratory.count(.failed)
        #expect(await laboratory.gets(1000).allSatisfy { $0 == .unavailable })
        #expect(try laboratory.count(.failed) == attempts, "a server that is left alone was tried")
        #expect(try laboratory.failures(.unavailable) >= 1002)

        try await server.start()
        #expect(await laboratory.gets(1) == [.unavailable])
        laboratory.clock.advance(by: .seconds(1))
        #expect(try await cache.get(CacheKey("k0")) == nil)
        #expect(try laboratory.gauge(.paused) == 0)
        #expect(await laboratory.gets(100).allSatisfy { $0 == nil })
      }
    }

    @Test("hung: calls end in their time, then at once, and it is used again when it goes on")
    func hung() async throws {
      try await withLaboratory([], { $0.connectTimeout = .milliseconds(500) }) { laboratory in
        try await laboratory.cache.set(CacheKey("k0"), to: [1], expiry: .never)
        laboratory.server.signal(SIGSTOP)
        let outcomes = await laboratory.gets(100)
        #expect(outcomes.allSatisfy { $0 == .timeout || $0 == .unavailable } && outcomes.contains(.timeout))
        #expect(await laboratory.gets(10).allSatisfy { $0 == .timeout || $0 == .unavailable })
        #expect(try laboratory.gauge(.paused) == 1)
        #expect(await laboratory.gets(1000, within: .milliseconds(900)).allSatisfy { $0 == .unavailable })
        laboratory.server.signal(SIGCONT)
        laboratory.clock.advance(by: .seconds(10))
        #expect(try await laboratory.cache.get(CacheKey("k0")) == [1])
        #expect(try laboratory.failures(.timeout) >= 1)
      }
    }

    @Test(
      "full: writes are an error of the server, reads go on, and it takes writes again when there is room")
    func full() async throws {
      try await withLaboratory(["--maxmemory-policy", "noeviction"]) { laboratory in
        let (cache, key) = (laboratory.cache, CacheKey("k"))
        func limitMemory(_ bytes: String) async throws {
          let order = RedisCommand(words: "CONFIG", "SET", "maxmemory", bytes)
          let replies = try await cache.servers.send([order], until: .now + .seconds(1))
          #expect(replies == [.status(Array("OK".utf8))])
        }
        try await cache.set(key, to: [1], expiry: .never)
        try await limitMemory("1")
        let refusal = await #expect(throws: TokyoDataError.self) {
          try await cache.set(key, to: [2], expiry: .never)
        }
        #expect(refusal?.code == .serverError)
        #expect((refusal?.cause as? RedisServerError)?.code == .outOfMemory)
        #expect(await code { _ = try await cache.add(1, to: CacheKey("n"), expiry: .never) } == .serverError)
        #expect(
          await code { _ = try await cache.compareAndSet(key, expecting: [1], to: [2], expiry: .never) }
            == .serverError)
        #expect(try await cache.get(key) == [1])
        try await cache.delete(key)
        #expect(try await cache.get(key) == nil)
        try await limitMemory("0")
        try await cache.set(key, to: [2], expiry: .never)
        #expect(try laboratory.gauge(.paused) == 0)
        #expect(try laboratory.count(.opened) == 1)
        #expect(try laboratory.failures(.serverError) == 3)
      }
    }

    @Test("slow: calls that cannot wait end in their time, on a connection that stays")
    func slow() async throws {
      try await withLaboratory(["--enable-debug-command", "yes"], { $0.commandTimeout = .seconds(10) }) {
        laboratory in
        let cache = laboratory.cache
        try await cache.set(CacheKey("k"), to: [1], expiry: .never)
        let nap = RedisCommand(words: "DEBUG", "SLEEP", "0.5")
        async let slept = cache.servers.send([nap], until: .now + .seconds(10))
        #expect(try await cache.get(CacheKey("k")) == [1])
        _ = try await slept
        #expect(try laboratory.count(.opened) == 1)
      }
    }

    @Test("killed and started again many times: no descriptor, thread or call is left over")
    func leaks() async throws {
      try await withLaboratory([], { $0.failuresUntilPause = 1000 }) { laboratory in
        func round() async throws {
          async let gets = laboratory.gets(200)
          laboratory.server.signal(SIGKILL)
          _ = await gets
          laboratory.server.end()
          try await laboratory.server.start()
          while await code({ _ = try await laboratory.cache.get(CacheKey("a")) }) != nil {}
        }
        for _ in 0..<3 { try await round() }
        let before = try ProcessFigures()
        for _ in 0..<20 { try await round() }
        // Threads end when they have noticed that they may.
        var after = try ProcessFigures()
        let patience = ContinuousClock.now + .seconds(10)
        while after.descriptors > before.descriptors || after.threads > before.threads, .now < patience {
          await Task.yield()
          after = try ProcessFigures()
        }
        #expect(after.descriptors <= before.descriptors)
        #expect(after.threads <= before.threads)
        #expect(try laboratory.gauge(.connectionCount) == 1)
      }
    }
  }
}

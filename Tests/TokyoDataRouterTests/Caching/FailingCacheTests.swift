import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("A cache that fails fails no query", .timeLimit(.minutes(10)))
struct FailingCacheTests {
  enum Failure: CaseIterable, Sendable { case error, foreignError, hang }

  static let limit: Duration = .milliseconds(100)

  static let calls: [(InterposedCache.Call, Failure)] =
    [InterposedCache.Call.get, .set, .exchange].flatMap { call in
      Failure.allCases.map { (call, $0) }
    }

  @Test(
    "whichever call throws or hangs, the answer is right and late by no more than the limit of each",
    arguments: calls)
  func failingCall(_ call: InterposedCache.Call, _ failure: Failure) async throws {
    let (count, hangs) = (Tally(), [Gate(), Gate()])
    let world = try await CachedWorld(
      caching: ResultCaching(callLimit: Self.limit),
      beforeCall: { made in
        guard made == call else { return }
        switch failure {
        case .error: throw TokyoDataError(.busy, "a test's")
        case .foreignError: throw Foreign()
        case .hang:
          hangs[count.next() - 1].open()
          try await Gate().wait()
        }
      })
    let query = try CachedWorld.sums(0...3)
    for hang in hangs {
      let task = Task { try await world.router.fetch(query) }
      if failure == .hang {
        // It is left alone after one call that takes too long, so this is the whole wait.
        try await hang.wait()
        try await world.clock.waitForSleepers(within: Self.limit)
        world.clock.advance(by: Self.limit)
      }
      let answer = try await task.value
      #expect(answer.batch.rows == (try await world.expected(query)))
      // Without a look nothing is known; without a lock or a set only the next query is slower.
      #expect(answer.cache.outcome == (call == .get ? .bypass : answer.cache.outcome))
      #expect(answer.cache.outcome != .hit)
    }
    #expect(world.reads == [4, 4])
  }

  @Test("damaged and foreign values are read anew and put right", arguments: 0..<5)
  func damaged(_ index: Int) async throws {
    let world = try await CachedWorld()
    let query = try CachedWorld.sums(0...3)
    _ = try await world.router.fetch(query)
    for (key, item) in world.cache.items.withLock({ $0 }) {
      var value = item.value
      switch index {
      case 0: value = []
      case 1: value = Array("$-1\r\n".utf8)
      case 2: value[value.count - 1] ^= 1
      case 3: value.removeLast()
      default: value = Array(repeating: 255, count: 1000)
      }
      try await world.cache.inner.set(key, to: value, expiry: .never)
    }
    let again = try await world.router.fetch(query)
    #expect(again.batch.rows == (try await world.expected(query)))
    #expect(again.cache == CacheUse(.miss, misses: 4))
    #expect(try await world.router.fetch(query).cache == CacheUse(.hit, hits: 4))
  }

  @Test("a value that counts more rows than its version has is not believed")
  func impossible() async throws {
    let world = try await CachedWorld()
    let query = try Sales.query.time(in: Sales.days(0...0)).select(
      .sum("pieces"), Aggregate(.count("pieces"), as: "some"))
    _ = try await world.router.fetch(query)
    let schema = try ResolvedQuery(query, for: Sales.dataset).partialSchema
    let key = try #require(world.cache.items.withLock { $0.keys.first })
    let coding = CacheCoding(compressor: SnappyCompressor())
    for count: Int64 in [6, -1, .max, .min] {
      var builder = ColumnBatchBuilder(schema)
      for _ in 0..<2 {
        try builder.append(
          row: schema.fields.map { $0.type == .int64 ? .int(count) : .decimal(Decimal128(1)) })
      }
      try await world.cache.inner.set(key, to: try coding.bytes(of: try builder.finish()), expiry: .never)
      #expect(try await world.router.fetch(query).batch.rows == (try await world.expected(query)))
    }
  }

  @Test("a cache that forgets everything costs reads, not answers")
  func forgetful() async throws {
    let world = try await CachedWorld()
    let router = Router(hot: world.world.hot, cold: world.cold, cache: InMemoryCache(capacity: 0))
    let query = try CachedWorld.sums(0...3)
    for _ in 0..<2 { #expect(try await router.fetch(query).batch.rows == (try await world.expected(query))) }
    #expect(world.reads == [4, 4])
  }

  @Test("a query that is canceled while the cache hangs ends at once")
  func canceled() async throws {
    let isCalled = Gate()
    let world = try await CachedWorld(beforeCall: { _ in
      isCalled.open()
      try await Gate().wait()
    })
    let task = Task { try await world.router.fetch(try CachedWorld.sums(0...3)) }
    try await isCalled.wait()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  private struct Foreign: Error {}
}

internal import Testing
internal import TokyoDataTesting

@testable import TokyoDataCore

@Suite("The cache in memory")
struct InMemoryCacheTests {
  @Test("whatever is done, it stays within its bytes and gives only what was set last")
  func staysWithinItsBytes() async throws {
    for seed in UInt64(0)..<8 {
      var random = SplitMix64(seed: seed)
      let clock = ManualClock(Day(daysSince1970: 20_454).start)
      let capacity = 20_000
      let cache = InMemoryCache(capacity: capacity, clock: clock)
      var model: [CacheKey: (value: [UInt8], end: ManualClock.Instant?)] = [:]
      var found = 0
      for _ in 0..<5_000 {
        let key = CacheKey("k\(Int.random(in: 0..<80, using: &random))")
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4:
          let value = [UInt8](
            repeating: UInt8.random(in: .min ... .max, using: &random),
            count: Int.random(in: 0..<500, using: &random))
          let life: Duration? =
            Bool.random(using: &random) ? nil : .milliseconds(Int.random(in: -1...50, using: &random))
          try await cache.set(key, to: value, expiry: life.map { .after($0) } ?? .never)
          model[key] = life.map { $0 > .zero } ?? true ? (value, life.map(clock.now.advanced(by:))) : nil
        case 4:
          try await cache.delete(key)
          model[key] = nil
        case 5: clock.advance(by: .milliseconds(3))
        default:
          guard let value = try await cache.get(key) else { continue }
          found += 1
          let expected = try #require(model[key], "seed \(seed): a key that was deleted or never set")
          #expect(value == expected.value && expected.end.map { clock.now < $0 } ?? true, "seed \(seed)")
        }
        #expect(cache.byteCount <= capacity)
      }
      #expect(found > 500, "seed \(seed): too little was found to show anything")
    }
  }

  @Test("without a need for room nothing is forgotten")
  func forgetsNothingWithoutNeed() async throws {
    let cache = InMemoryCache(capacity: 1000 * (SegmentedLRU.overhead + 5 + 10))
    let keys = (0..<1000).map { CacheKey("k\(1000 + $0)") }
    try await cache.set(keys.map { CacheItem($0, Array(repeating: 7, count: 10), expiry: .never) })
    #expect(try await cache.get(keys).allSatisfy { $0?.count == 10 })
    #expect(cache.byteCount == 1000 * (SegmentedLRU.overhead + 5 + 10))
    try await cache.delete(keys)
    #expect(cache.byteCount == 0 && cache.count == 0)
  }

  @Test("one pass over many keys does not push out what was asked for twice")
  func resistsScans() async throws {
    let cache = InMemoryCache(capacity: 100 * (SegmentedLRU.overhead + 20))
    let wanted = (0..<60).map { CacheKey("wanted\($0)") }
    try await cache.set(wanted.map { CacheItem($0, [1], expiry: .never) })
    _ = try await cache.get(wanted)
    for number in 0..<10_000 { try await cache.set(CacheKey("scan\(number)"), to: [2], expiry: .never) }
    #expect(try await cache.get(wanted).allSatisfy { $0 == [1] })
  }

  @Test("of what nobody asked for, the oldest goes first")
  func forgetsOldestFirst() async throws {
    let cache = InMemoryCache(capacity: 10 * (SegmentedLRU.overhead + 2 + 1))
    let keys = (0..<15).map { CacheKey("k" + String($0, radix: 16)) }
    for key in keys { try await cache.set(key, to: [1], expiry: .never) }
    #expect(try await cache.get(keys).map { $0 != nil } == keys.indices.map { $0 >= 5 })
  }

  @Test("a value that is larger than the cache is not kept, and neither is what it replaces")
  func tooLarge() async throws {
    let cache = InMemoryCache(capacity: 1000)
    let (a, b) = (CacheKey("a"), CacheKey("b"))
    try await cache.set([a, b].map { CacheItem($0, [1], expiry: .never) })
    try await cache.set(a, to: Array(repeating: 0, count: 1000), expiry: .never)
    #expect(try await cache.get([a, b]) == [nil, [1]])
  }
}

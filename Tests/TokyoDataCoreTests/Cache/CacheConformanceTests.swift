internal import Testing
internal import TokyoDataTesting

@Suite("The caches keep their contract")
struct CacheConformanceTests {
  @Test("InMemoryCache", arguments: CacheConformance.cases)
  func memory(_ conformance: ConformanceCase<any CacheFixture>) async throws {
    try await conformance.run(on: InMemoryCacheFixture())
  }

  @Test("TwoLevelCache", arguments: CacheConformance.cases)
  func twoLevels(_ conformance: ConformanceCase<any CacheFixture>) async throws {
    try await conformance.run(on: Self.twoLevelFixture())
  }

  @Test("TwoLevelCache whose near cache keeps nothing", arguments: CacheConformance.cases)
  func withoutRoom(_ conformance: ConformanceCase<any CacheFixture>) async throws {
    try await conformance.run(on: Self.twoLevelFixture(nearCapacity: 0))
  }

  static func twoLevelFixture(
    nearCapacity: Int = InMemoryCache.defaultCapacity
  ) -> InMemoryCacheFixture {
    InMemoryCacheFixture { far, clock in
      TwoLevelCache(near: InMemoryCache(capacity: nearCapacity, clock: clock), far: far)
    }
  }
}

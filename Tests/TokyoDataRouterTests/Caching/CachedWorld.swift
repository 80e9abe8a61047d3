import Synchronization
import TokyoDataTesting

@testable import TokyoDataRouter

/// Ten retired days, a router with a cache, and what was read of the cold store.
struct CachedWorld {
  let world: World
  let cold: InterposedColdStore
  let cache: InterposedCache
  let clock = ManualClock(Sales.now)
  let router: Router

  /// A process that waits for another one looks again after this time at the latest.
  static let longestPause = ResultCaching().pollInterval * 1.5

  init(
    caching: ResultCaching = ResultCaching(),
    beforeCall: @escaping @Sendable (InterposedCache.Call) async throws -> Void = { _ in },
    beforeRead: @escaping @Sendable () async throws -> Void = {}
  ) async throws {
    world = try await World()
    cache = InterposedCache(InMemoryCache(clock: clock), before: beforeCall)
    cold = InterposedColdStore(world.cold, beforeRead: beforeRead)
    var caching = caching
    caching.clock = clock
    router = Router(hot: world.hot, cold: cold, cache: cache, caching: caching)
    for index in 0..<10 {
      let rows = (0..<5).map {
        Sales.row(Int64(index * 100 + $0), Sales.day(index), amount: Int64(index + $0))
      }
      try await world.write(rows)
      try await world.retire(Sales.day(index))
    }
  }

  /// A router of another process with the same stores and cache.
  func otherProcess(_ caching: ResultCaching = ResultCaching()) -> Router {
    var caching = caching
    caching.clock = clock
    return Router(hot: world.hot, cold: cold, cache: cache, caching: caching)
  }

  /// How many versions each read of the cold store named.
  var reads: [Int] { cold.reads.withLock { $0.map(\.count) } }

  static func sums(_ days: ClosedRange<Int>) throws -> Query {
    try Sales.query.time(in: Sales.days(days)).group(by: .column("region")).select(
      .sum("amount"), .average("pieces"), .count)
  }

  /// The answer that a router without a cache gives.
  func expected(_ query: Query) async throws -> [[ColumnValue]] {
    try await world.router.fetch(query).batch.rows
  }
}

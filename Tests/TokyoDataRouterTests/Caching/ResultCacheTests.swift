import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("What a router read of copies it keeps")
struct ResultCacheTests {
  @Test("the second time nothing is read of the cold store, and the answer is the same and says so")
  func hit() async throws {
    let world = try await CachedWorld()
    let query = try CachedWorld.sums(0...5)
    let first = try await world.router.fetch(query)
    #expect(first.cache == CacheUse(.miss, misses: 6))
    #expect(first.read.coldBytes > 0)
    let second = try await world.router.fetch(query)
    #expect(second.cache == CacheUse(.hit, hits: 6))
    #expect(second.batch == first.batch)
    #expect(second.batch.rows == (try await world.expected(query)))
    #expect(second.read.coldRows == 30 && second.read.coldBytes == 0)
    #expect(second.cost == QueryCost())
    #expect(world.reads == [6])
  }

  @Test("a window that moves reads the new day only")
  func movingWindow() async throws {
    let world = try await CachedWorld()
    _ = try await world.router.fetch(try CachedWorld.sums(0...8))
    let query = try CachedWorld.sums(1...9)
    let moved = try await world.router.fetch(query)
    #expect(moved.cache == CacheUse(.miss, hits: 8, misses: 1))
    #expect(world.reads == [9, 1])
    #expect(moved.batch.rows == (try await world.expected(query)))
  }

  @Test("rows, groups by the same day and totals are kept by day too", arguments: 0..<4)
  func kinds(_ index: Int) async throws {
    let world = try await CachedWorld()
    let query = try [
      Sales.query.time(in: Sales.days(0...3)).select("id", "amount"),
      Sales.query.time(in: Sales.days(0...3)).order(by: .descending("amount"), "id"),
      Sales.query.time(in: Sales.days(0...3)).group(by: .day).select(.sum("pieces")),
      Sales.query.time(in: Sales.days(0...3)).filter(.column("weight", .equal, 7)).select(
        .count, .sum("amount")),
    ][index]
    let first = try await world.router.fetch(query)
    let second = try await world.router.fetch(query)
    #expect(second.cache.outcome == .hit && second.batch.comparable == first.batch.comparable)
    #expect(second.batch.comparable == (try await world.world.router.fetch(query)).batch.comparable)
    _ = try await world.router.fetch(query.time(in: Sales.days(0...4)))
    #expect(world.reads.last == 1)
  }

  @Test("a day that the range cuts is kept for that cut alone")
  func cutDay() async throws {
    let world = try await CachedWorld()
    let (nine, noon) = (32_400_000_000, 43_200_000_000)
    let cut = try CachedWorld.sums(0...1).time(
      in: TimeRange(from: Sales.day(0).start, until: Sales.day(1).start.adding(microseconds: Int64(noon))))
    let early = cut.time(
      in: TimeRange(from: Sales.day(0).start, until: Sales.day(1).start.adding(microseconds: Int64(nine))))
    #expect(try await world.router.fetch(cut).batch.rows == (try await world.expected(cut)))
    #expect(try await world.router.fetch(early).batch.rows == (try await world.expected(early)))
    #expect(world.reads == [2, 1])
  }

  @Test("rows of hot replace those of a kept day, and what is kept does not change")
  func overlay() async throws {
    let world = try await CachedWorld()
    let query = try CachedWorld.sums(0...2)
    _ = try await world.router.fetch(query)
    try await world.world.write([Sales.row(100, Sales.day(1), amount: 900)])
    let replaced = try await world.router.fetch(query)
    #expect(replaced.cache == CacheUse(.miss, hits: 2, misses: 1))
    #expect(replaced.batch.rows == (try await world.expected(query)))
    // The key of the row that replaces is all that the states depend on, so its new value finds them again.
    try await world.world.write([Sales.row(100, Sales.day(1), amount: 901)])
    let again = try await world.router.fetch(query)
    #expect(again.cache == CacheUse(.hit, hits: 3))
    #expect(again.batch.rows == (try await world.expected(query)))
  }

  @Test("a query that does without the cache, a point and rows up to a limit do not ask it")
  func bypass() async throws {
    let world = try await CachedWorld()
    let sums = try CachedWorld.sums(0...2)
    let cases: [(Query, String)] = [
      (sums.needing(QueryNeeds(usesCache: false)), "the query does without it"),
      (try Sales.query.filter(.column("id", .equal, 101)), "a point by key"),
      (try Sales.query.time(in: Sales.days(0...2)).limit(3), "rows up to a limit"),
    ]
    for (query, reason) in cases {
      let answer = try await world.router.fetch(query)
      #expect(answer.cache == CacheUse(.bypass, reason: reason))
      #expect(answer.read.coldRows > 0)
    }
    #expect(world.cache.calls.withLock { $0 } == [])
    let plain = try await world.world.router.fetch(sums)
    #expect(plain.cache == CacheUse(.bypass, reason: "the router has no cache"))
    let hot = try await world.router.fetch(try CachedWorld.sums(20...21))
    #expect(hot.cache == CacheUse(.bypass, reason: "no copy is read"))
  }

  @Test("whether versions still stand is asked only of those that were read")
  func asksForReadVersions() async throws {
    let world = try await CachedWorld()
    let hot = CondemnedLog(world.world.hot)
    let router = Router(hot: hot, cold: world.cold, cache: world.cache)
    _ = try await router.fetch(try CachedWorld.sums(0...4))
    _ = try await router.fetch(try CachedWorld.sums(0...4))
    _ = try await router.fetch(try CachedWorld.sums(3...6))
    #expect(hot.asked.withLock { $0 } == [5, 2])
  }

  @Test("what was read of a version that is condemned meanwhile is not kept")
  func condemned() async throws {
    let world = try await CachedWorld()
    let hot = CondemnedLog(world.world.hot)
    hot.condemnsNext.withLock { $0 = true }
    let router = Router(hot: hot, cold: world.cold, cache: world.cache)
    let answer = try await router.fetch(try CachedWorld.sums(0...4))
    #expect(answer.batch.rows == (try await world.expected(try CachedWorld.sums(0...4))))
    #expect(world.reads == [5, 5])
    #expect(world.cache.calls.withLock { $0.filter { $0 == .set }.count } == 1)
  }

  @Test("errors are not kept")
  func errors() async throws {
    let fails = Mutex(true)
    let world = try await CachedWorld(beforeRead: {
      if fails.withLock({ $0 }) { throw TokyoDataError(.unavailable, "a test's") }
    })
    let query = try CachedWorld.sums(0...2)
    let error = await #expect(throws: TokyoDataError.self) { try await world.router.fetch(query) }
    #expect(error?.code == .unavailable)
    fails.withLock { $0 = false }
    #expect(try await world.router.fetch(query).batch.rows == (try await world.expected(query)))
    #expect(try await world.router.fetch(query).cache.outcome == .hit)
  }

  @Test("states too large for a day or for a query are answered and not kept", arguments: [true, false])
  func tooLarge(_ isByDay: Bool) async throws {
    let caching = isByDay ? ResultCaching(pieceBytes: 10) : ResultCaching(queryBytes: 10)
    let world = try await CachedWorld(caching: caching)
    let query = try CachedWorld.sums(0...2)
    for _ in 0..<2 {
      let answer = try await world.router.fetch(query)
      #expect(answer.batch.rows == (try await world.expected(query)))
      #expect(answer.cache.outcome != .hit && answer.read.coldRows == 15)
    }
    #expect(world.reads == [3, 3])
    #expect(world.cache.items.withLock { $0.isEmpty })
  }

  @Test("a life ends within its jitter, and not all at once")
  func jitter() async throws {
    let world = try await CachedWorld(caching: ResultCaching(life: .seconds(1000), jitter: 0.2))
    _ = try await world.router.fetch(try CachedWorld.sums(0...9))
    let lives = world.cache.items.withLock { $0.values.compactMap(\.expiry.milliseconds) }
    #expect(lives.count == 10 && Set(lives).count > 5)
    #expect(lives.allSatisfy { (800_000...1_000_000).contains($0) })
  }

  @Test("undated datasets are kept whole")
  func undated() async throws {
    let world = try await CachedWorld()
    let dataset = try Sales.definition(name: "regions", timeColumn: nil)
    let query = try ResolvedQuery(Query(dataset.name).select(.count, .sum("amount")), for: dataset)
    let pieced = try PiecedQuery(query)
    #expect(pieced.reading.partialSchema == query.partialSchema)
    #expect(world.reads == [])
  }
}

extension ColumnBatch {
  /// The rows as text, sorted, for queries without an order.
  var comparable: [String] { rows.map { "\($0)" }.sorted() }
}

/// A hot store that remembers how many versions it was asked about, and may call all of them condemned once.
final class CondemnedLog: HotStore {
  let base: InMemoryHotStore
  let asked = Mutex<[Int]>([])
  let condemnsNext = Mutex(false)

  init(_ base: InMemoryHotStore) { self.base = base }

  var name: String { base.name }

  func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result { try await base.withSnapshot(of: datasets, body) }

  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result { try await base.withTransaction(body) }

  func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID> {
    asked.withLock { $0.append(versions.count) }
    let all = condemnsNext.withLock { next in
      defer { next = false }
      return next
    }
    return try await all ? Set(versions) : base.condemned(among: versions, of: dataset)
  }

  func ledgerID() async -> LedgerID { await base.ledgerID() }
}

import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("No answer is older than what was acknowledged before it began", .timeLimit(.minutes(20)))
struct NeverStaleTests {
  static let operations = 1_000

  @Test(
    "two processes with one cache, while rows are written and days exported, retired and collected",
    arguments: 0..<12)
  func neverStale(_ seed: UInt64) async throws {
    let history = try await Self.history(seed, TwoProcesses())
    #expect(history.problems == [])
    // Otherwise the histories show nothing.
    #expect(history.reads > Self.operations / 3 && history.cachedReads > Self.operations / 10)
  }

  @Test("and with a near cache in each process", arguments: 20..<24)
  func neverStaleNear(_ seed: UInt64) async throws {
    let history = try await Self.history(seed, TwoProcesses(hasNearCaches: true))
    #expect(history.problems == [])
    #expect(history.cachedReads > Self.operations / 10)
  }

  @Test("a key that ignores versions is caught")
  func ignoresVersions() async throws {
    let processes = TwoProcesses(key: { keys, version in
      var record = version.record
      record.id = VersionID("00000000T000000Z-000000000000") ?? record.id
      (record.location, record.exportedAt, record.rowHash) = ("", Sales.now, RowHash())
      return keys.key(of: PinnedVersion(record, excludedKeys: version.excludedKeys))
    })
    try await expectCaught(processes)
  }

  @Test("a key that ignores excluded keys is caught")
  func ignoresExcludedKeys() async throws {
    try await expectCaught(
      TwoProcesses(key: { keys, version in keys.key(of: PinnedVersion(version.record)) }))
  }

  @Test("a cache of hot rows is caught")
  func storesHotRows() async throws {
    try await expectCaught(TwoProcesses(keepsHotRows: true))
  }

  private func expectCaught(_ processes: TwoProcesses) async throws {
    for seed in UInt64(0)..<3 {
      if try await !Self.history(seed, processes).problems.isEmpty { return }
    }
    Issue.record("nothing was found in any history")
  }

  /// How the processes are built; broken ones too.
  struct TwoProcesses: Sendable {
    var hasNearCaches = false
    var keepsHotRows = false
    var key: @Sendable (PieceKeys, PinnedVersion) -> CacheKey = { $0.key(of: $1) }
  }

  private static func history(_ seed: UInt64, _ processes: TwoProcesses) async throws -> StalenessHistory {
    let clock = ManualClock(Sales.now)
    let scheduler = SeededScheduler(seed: seed &* 0x9E37_79B9 &+ 1, clock: clock)
    let (world, history) = (try await World(), StalenessHistory())
    let far = InterposedCache(InMemoryCache(clock: clock)) { _ in try await scheduler.point() }
    let cold = InterposedColdStore(world.cold) { try await scheduler.point() }
    let routers = (0..<2).map { _ in
      let caching = ResultCaching(callLimit: .seconds(3600), clock: clock)
      let cache: any Cache =
        processes.hasNearCaches ? TwoLevelCache(near: InMemoryCache(clock: clock), far: far) : far
      let hot: any HotStore = processes.keepsHotRows ? KeepsHotRows(world.hot) : world.hot
      return Router(
        hot: InterposedHotStore(hot, afterSnapshot: { _ in try await scheduler.point() }), cold: cold,
        resultCache: ResultCache(cache, caching, key: processes.key), limits: RouterLimits(attempts: 50))
    }
    let steps = StalenessSteps(world: world, history: history, scheduler: scheduler)
    await steps.writeAll()
    try await scheduler.run(operations, width: 6) { random in steps.next(routers, &random) }
    return history
  }
}

/// The operations of a history.
struct StalenessSteps: Sendable {
  private static let dayCount = 8
  private static let rowsPerDay = 4

  let world: World
  let history: StalenessHistory
  let scheduler: SeededScheduler

  func writeAll() async {
    for day in 0..<Self.dayCount { await write(Self.ids(of: day...day)) }
  }

  func next(_ routers: [Router], _ random: inout SplitMix64) -> @Sendable () async -> Void {
    let (day, kind) = (random.below(Self.dayCount), random.below(100))
    switch kind {
    case 0..<55:
      let router = routers[random.below(2)]
      let first = random.below(Self.dayCount)
      let days = first...min(Self.dayCount - 1, first + random.below(Self.dayCount))
      let isAnalytics = random.below(2) == 0
      return { await read(router, days, isAnalytics) }
    case 55..<75:
      // Rows of several days, so that a torn answer shows.
      let ids = (0..<3).map { _ in Self.id(random.below(Self.dayCount), random.below(Self.rowsPerDay)) }
      return { await write(Array(Set(ids)).sorted()) }
    case 75..<92: return { await maintain { try await world.export(Sales.day(day)) } }
    case 92..<96: return { await maintain { try await world.retire(Sales.day(day)) } }
    default: return { await maintain { try await world.collect() } }
    }
  }

  private func read(_ router: Router, _ days: ClosedRange<Int>, _ isAnalytics: Bool) async {
    do {
      let floor = history.beginRead()
      let query = try Sales.query.time(in: Sales.days(days)).group(by: .column("id"))
        .select(.max("amount"), .count).needing(QueryNeeds(kind: isAnalytics ? .analytics : nil))
      let answer = try await router.fetch(query)
      history.check(answer, of: Self.ids(of: days), since: floor)
    } catch {
      history.note("a read failed: \(error)")
    }
  }

  private func write(_ ids: [Int64]) async {
    let number = history.beginWrite(ids)
    do {
      try await world.write(ids.map { Sales.row($0, Sales.day(Int($0) / 100), amount: number) })
      history.acknowledge(number, ids)
    } catch {
      // Two writers met: nothing was written, nothing is acknowledged.
    }
  }

  /// What an export or a retirement does; one that comes too late or meets another one is refused.
  private func maintain(_ body: () async throws -> Void) async {
    do {
      try await scheduler.point()
      try await body()
    } catch let error as TokyoDataError where [.conflict, .busy, .internal].contains(error.code) {
    } catch {
      history.note("maintenance failed: \(error)")
    }
  }

  private static func id(_ day: Int, _ row: Int) -> Int64 { Int64(day * 100 + row) }

  private static func ids(of days: ClosedRange<Int>) -> [Int64] {
    days.flatMap { day in (0..<rowsPerDay).map { id(day, $0) } }
  }
}

/// A hot store broken on purpose: it keeps what it read of rows and gives it again.
final class KeepsHotRows: HotStore {
  private let base: InMemoryHotStore
  private let kept = Mutex<[String: (batches: [ColumnBatch], statistics: ReadStatistics)]>([:])

  init(_ base: InMemoryHotStore) { self.base = base }

  var name: String { base.name }

  func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    try await base.withSnapshot(of: datasets) { try await body(Snapshot(base: $0, store: self)) }
  }

  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result { try await base.withTransaction(body) }

  func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID> {
    try await base.condemned(among: versions, of: dataset)
  }

  func ledgerID() async -> LedgerID { await base.ledgerID() }

  struct Snapshot: HotSnapshot {
    let base: any HotSnapshot
    let store: KeepsHotRows

    var asOf: Timestamp { base.asOf }

    func dataset(_ name: DatasetName) async throws -> Dataset { try await base.dataset(name) }

    func coverage(of dataset: DatasetName) async throws -> Coverage { try await base.coverage(of: dataset) }

    func overlayKeys(
      of dataset: DatasetName, days: [Day], limit: Int
    ) async throws -> [Day: ColumnBatch] {
      try await base.overlayKeys(of: dataset, days: days, limit: limit)
    }

    func read(
      _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
    ) async throws -> ReadStatistics {
      let key = "\(query.query) \(ranges)"
      if let known = store.kept.withLock({ $0[key] }) {
        for batch in known.batches { try await consume(batch) }
        return known.statistics
      }
      var batches: [ColumnBatch] = []
      let statistics = try await base.read(query, in: ranges) { batch in
        batches.append(batch)
        try await consume(batch)
      }
      store.kept.withLock { $0[key] = (batches, statistics) }
      return statistics
    }
  }
}

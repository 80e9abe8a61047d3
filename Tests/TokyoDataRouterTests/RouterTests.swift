import Synchronization
import Testing

@testable import TokyoDataRouter

@Suite("The router")
struct RouterTests {
  /// Days 0 and 1 cold, 2 both, 3 hot; two rows a day with ids 10 × day + 1 and 2, at 6 and 12 o'clock.
  static func world() async throws -> World {
    let world = try await World()
    for index in 0...3 {
      let day = Sales.day(index)
      try await world.write(
        [1, 2].map { number in
          Sales.row(Int64(10 * index) + number, day, hour: 6 * number, amount: Int64(index))
        })
    }
    try await world.retire(Sales.day(0))
    try await world.retire(Sales.day(1))
    try await world.export(Sales.day(2))
    return world
  }

  static let all = Sales.days(0...3)

  @Test("a query over both tiers counts every row once")
  func countsOnce() async throws {
    let answer = try await Self.world().router.fetch(Sales.query.time(in: Self.all))
    #expect(answer.batch.ids == [1, 2, 11, 12, 21, 22, 31, 32])
    #expect(answer.plan.days.map(\.tier) == [.cold, .cold, .hot, .hot])
    #expect(answer.plan.days.map { $0.version != nil } == [true, true, false, false])
    #expect(answer.read.hotRows == 4 && answer.read.coldRows == 4 && answer.read.coldBytes > 0)
    #expect(answer.asOf == Sales.now)
    #expect(!answer.isPartial)
    #expect(answer.cost == QueryCost(scannedBytes: answer.read.coldBytes, dollars: 0))
  }

  @Test("rows of a retired day that hot holds replace the copy's by key, and new ones add")
  func overlay() async throws {
    let world = try await Self.world()
    try await world.write([
      Sales.row(11, Sales.day(1), amount: 500), Sales.row(13, Sales.day(1), amount: 7),
    ])
    let answer = try await world.router.fetch(
      Sales.query.time(in: Self.all).group(by: .day).select(.count, .sum("amount")).order(by: "day"))
    #expect(
      answer.batch.rows == [
        [.date(Sales.day(0)), 2, .decimal(0)], [.date(Sales.day(1)), 3, .decimal(508)],
        [.date(Sales.day(2)), 2, .decimal(4)], [.date(Sales.day(3)), 2, .decimal(6)],
      ])
    #expect(answer.plan.days.map(\.tier) == [.cold, .coldWithOverlay, .hot, .hot])
    #expect(answer.read.hotRows == 6 && answer.read.coldRows == 3)
  }

  @Test("analytics read a clean copy, and hot where the copy is marked")
  func analytics() async throws {
    let world = try await Self.world()
    let query = try Sales.query.time(in: Self.all).select(.sum("amount")).needing(
      QueryNeeds(kind: .analytics))
    let clean = try await world.router.fetch(query)
    #expect(clean.plan.days.map(\.tier) == [.cold, .cold, .cold, .hot])
    #expect(clean.batch.rows == [[.decimal(12)]])
    #expect(clean.read.hotRows == 2 && clean.read.coldRows == 6)

    try await world.write([Sales.row(21, Sales.day(2), amount: 100)])
    let marked = try await world.router.fetch(query)
    #expect(marked.plan.days.map(\.tier) == [.cold, .cold, .hot, .hot])
    #expect(marked.batch.rows == [[.decimal(110)]])

    let old = try await world.router.fetch(
      query.needing(QueryNeeds(kind: .analytics, freshness: .asOfExport)))
    #expect(old.plan.days.map(\.tier) == [.cold, .cold, .cold, .hot])
    #expect(old.batch.rows == [[.decimal(12)]])
  }

  @Test("as of its export, a retired day is its copy without what hot holds of it")
  func asOfExport() async throws {
    let world = try await Self.world()
    try await world.write([Sales.row(13, Sales.day(1))])
    let query = try Sales.query.time(in: Self.all).needing(QueryNeeds(freshness: .asOfExport))
    let answer = try await world.router.fetch(query)
    #expect(answer.batch.ids == [1, 2, 11, 12, 21, 22, 31, 32])
    #expect(answer.plan.days.map(\.tier) == [.cold, .cold, .hot, .hot])
  }

  @Test("counts of whole clean days come from the ledger without a scan")
  func countsFromSummary() async throws {
    let world = try await Self.world()
    try await world.write([Sales.row(13, Sales.day(1))])
    let cold = InterposedColdStore(world.cold)
    let router = Router(hot: world.hot, cold: cold)
    let from = Sales.day(0).start.adding(microseconds: 9 * 3_600_000_000)
    let query = try Sales.query.select(.count).group(by: .month).order(by: "month")

    let whole = try await router.fetch(query.time(in: Self.all))
    #expect(whole.batch.rows.map { $0[1] } == [5, 4])
    #expect(whole.plan.runs.map(\.source) == ["summary", "lake", "memory"])
    #expect(whole.read.summaryRows == 2 && whole.read.coldRows == 2)
    #expect(cold.reads.withLock { $0.count } == 1)

    // One of the day's two rows lies before nine o'clock; part of a day is not counted from its summary.
    let part = try await router.fetch(query.time(in: TimeRange(from: from, until: Self.all.until)))
    #expect(part.batch.rows.map { $0[1] } == [4, 4])
    #expect(part.read.summaryRows == 0)

    for other in [
      query.filter(.column("pieces", .greater, 0)), query.group(by: .column("region")),
      query.select(.sum("amount")),
    ] {
      let answer = try await router.fetch(other.time(in: Self.all))
      #expect(answer.read.summaryRows == 0 && answer.read.coldRows == 4)
    }
  }

  @Test("a copy whose bounds cannot match is skipped, with that reason, and its overlay is not")
  func skipsCopies() async throws {
    let world = try await Self.world()
    try await world.write([Sales.row(13, Sales.day(1), amount: 900)])
    let cold = InterposedColdStore(world.cold)
    let answer = try await Router(hot: world.hot, cold: cold).fetch(
      Sales.query.time(in: Self.all).filter(.column("amount", .greater, 50)))
    #expect(answer.batch.ids == [13])
    #expect(answer.plan.days.map(\.tier) == [.nothing, .hot, .hot, .hot])
    #expect(answer.plan.days[0].reason == "no row of the copy can match the filter on amount")
    #expect(cold.reads.withLock { $0.isEmpty })
  }

  @Test("a point query asks hot first, and copies only for a key that hot does not hold")
  func pointQueries() async throws {
    let world = try await Self.world()
    let cold = InterposedColdStore(world.cold)
    let router = Router(hot: world.hot, cold: cold)
    let query = try Sales.query.time(in: Self.all)

    let recent = try await router.fetch(query.filter(.column("id", .equal, 31)))
    #expect(recent.plan.kind == .point && recent.batch.ids == [31])
    #expect(cold.reads.withLock { $0.isEmpty })

    let old = try await router.fetch(query.filter(.column("id", .equal, 11)))
    #expect(old.batch.ids == [11])
    #expect(old.plan.days.map(\.tier) == [.nothing, .cold, .hot, .hot])
    #expect(cold.reads.withLock { $0.map(\.count) } == [1])

    // The row was replaced in hot, so its old values may not come back from the copy.
    try await world.write([Sales.row(11, Sales.day(1), amount: 500)])
    let replaced = try await router.fetch(
      query.filter(.column("id", .equal, 11) && .column("amount", .less, 100)))
    #expect(replaced.batch.ids == [])

    let dear = Router(hot: world.hot, cold: cold, limits: RouterLimits(pointBytes: 1))
    await #expect(throws: TokyoDataError.self) {
      try await dear.fetch(query.filter(.column("id", .equal, 2)))
    }
  }

  @Test("real time reads hot only: retired days are an error, or left out where that is accepted")
  func realtime() async throws {
    let world = try await Self.world()
    try await world.write([Sales.row(13, Sales.day(1))])
    var query = try Sales.query.time(in: Self.all).needing(QueryNeeds(latency: .realtime))
    let error = await #expect(throws: TokyoDataError.self) { try await world.router.fetch(query) }
    #expect(error?.code == .daysUnavailable)
    #expect(error?.context.day == Sales.day(0))
    #expect(error?.context.dataset == (try Sales.name))
    #expect(
      error?.message == "2 days, 2025-01-30 … 2025-01-31, cannot be read: retired from hot, and real time "
        + "reads hot only")

    query.needs.acceptPartial = true
    let answer = try await world.router.fetch(query)
    #expect(answer.batch.ids == [21, 22, 31, 32])
    #expect(answer.isPartial && answer.daysLeftOut == [Sales.day(0), Sales.day(1)])
    query.timeRange = Sales.days(2...3)
    #expect(try await world.router.fetch(query).isPartial == false)
  }

  @Test("expired and suspect days are an error, or left out with what hot holds of them")
  func unreadableDays() async throws {
    let world = try await Self.world()
    try await world.write([Sales.row(13, Sales.day(1))])
    try await world.declareSuspect(Sales.day(3))
    let hot = InterposedHotStore(
      world.hot,
      editCoverage: {
        $0.days[Sales.day(1)] = DayCoverage(day: Sales.day(1), state: .expired, version: nil)
      })
    let router = Router(hot: hot, cold: world.cold)
    var query = try Sales.query.time(in: Self.all)
    let error = await #expect(throws: TokyoDataError.self) { try await router.fetch(query) }
    #expect(error?.code == .daysUnavailable)
    #expect(error?.message.contains("expired") == true && error?.message.contains("suspect") == true)
    query.needs.acceptPartial = true
    let answer = try await router.fetch(query)
    #expect(answer.batch.ids == [1, 2, 21, 22])
    #expect(answer.daysLeftOut == [Sales.day(1), Sales.day(3)])
  }

  @Test("a mutation of a retired day is an error even where a partial answer is accepted")
  func mutation() async throws {
    let world = try await Self.world()
    let query = try Sales.query.needing(QueryNeeds(kind: .mutation, acceptPartial: true))
    await #expect(throws: TokyoDataError.self) {
      try await world.router.explain(query.time(in: Self.all))
    }
    let plan = try await world.router.explain(query.time(in: Sales.days(2...3)))
    #expect(plan.runs.map(\.tier) == [.hot])
  }

  @Test("without a cold store retired days cannot be read, and days in both are hot's")
  func withoutColdStore() async throws {
    let world = try await Self.world()
    let router = Router(hot: world.hot)
    let query = try Sales.query.needing(QueryNeeds(kind: .analytics))
    await #expect(throws: TokyoDataError.self) { try await router.fetch(query.time(in: Self.all)) }
    let answer = try await router.fetch(query.time(in: Sales.days(2...3)))
    #expect(answer.batch.ids == [21, 22, 31, 32])
  }

  @Test("an undated dataset is answered from hot, and from its copy where analytics may be that old")
  func undated() async throws {
    let world = try await World()
    let dataset = try Sales.definition(name: "customers", timeColumn: nil)
    try await world.hot.install(dataset)
    let (batch, name) = (try Sales.batch([Sales.row(1, Sales.day(0))]), dataset.name)
    try await world.hot.withTransaction { try await $0.insert(batch, into: name) }
    var record = try VersionRecord.sales(of: Dataset.undatedUnit, rows: batch.rows)
    record.state = .ready
    record = world.cold.add(record, rows: [batch])
    let base = DayCoverage(day: Dataset.undatedUnit, state: .hot, version: nil)
    try await world.hot.withRun(of: name, .export) { [record] run in
      try await run.record(record)
      try await run.publish([DayPublication(day: base.day, base: base, version: record, marks: [])])
    }
    let more = try Sales.batch([Sales.row(2, Sales.day(9))])
    try await world.hot.withTransaction { try await $0.insert(more, into: name) }

    let latest = try await world.router.fetch(Query(name))
    #expect(latest.batch.ids == [1, 2])
    #expect(latest.plan.description == "all of time  hot  memory  undated, held by hot")
    for needs in [QueryNeeds(kind: .analytics), QueryNeeds(freshness: .asOfExport)] {
      #expect(try await world.router.fetch(Query(name).needing(needs)).batch.ids == [1, 2])
    }
    let old = try await world.router.fetch(
      Query(name).needing(QueryNeeds(kind: .analytics, freshness: .asOfExport)))
    #expect(old.batch.ids == [1])
    #expect(old.plan.runs.map(\.tier) == [.cold] && old.plan.days.isEmpty)
  }

  @Test("too many overlay keys are an error that says to merge first")
  func overlayLimit() async throws {
    let world = try await Self.world()
    try await world.write([Sales.row(13, Sales.day(1)), Sales.row(14, Sales.day(1))])
    let router = Router(hot: world.hot, cold: world.cold, limits: RouterLimits(overlayKeys: 1))
    let error = await #expect(throws: TokyoDataError.self) { try await router.fetch(Sales.query) }
    #expect(error?.code == .unsupported && error?.message.contains("merge") == true)
  }

  @Test("a policy that would lose or repeat rows is refused")
  func refusesUnsafePolicies() async throws {
    struct Always: RoutingPolicy {
      let tier: Tier
      func decision(for day: DayCoverage, in input: RoutingInput) -> DayDecision { DayDecision(tier, "so") }
    }
    let world = try await Self.world()
    try await world.write([Sales.row(21, Sales.day(2))])
    func answer(_ tier: Tier, _ days: ClosedRange<Int>) async throws -> Answer {
      try await Router(hot: world.hot, cold: world.cold, policy: Always(tier: tier))
        .fetch(Sales.query.time(in: Sales.days(days)))
    }
    for (tier, day) in [(Tier.hot, 0), (.cold, 0), (.cold, 2), (.coldWithOverlay, 2)] {
      let error = await #expect(throws: TokyoDataError.self) { try await answer(tier, day...day) }
      #expect(error?.code == .invalidArgument && error?.context.day == Sales.day(day))
    }
    #expect(try await answer(.coldWithOverlay, 0...1).batch.ids == [1, 2, 11, 12])
    #expect(try await answer(.hot, 2...3).batch.ids == [21, 22, 31, 32])
    await #expect(throws: TokyoDataError.self) { try await answer(.nothing, 2...2) }
  }

  @Test("a plan covers the whole range: open ends and gaps are hot's")
  func plansGaps() async throws {
    let world = try await Self.world()
    let plan = try await world.router.explain(Sales.query)
    #expect(plan.runs.map(\.first) == [nil, Sales.day(0), Sales.day(2)])
    #expect(plan.runs.map(\.last) == [Sales.day(-1), Sales.day(1), nil])
    #expect(plan.runs.map(\.tier) == [.hot, .cold, .hot])
    #expect(plan.days.count == 2)

    let bounded = try await world.router.explain(Sales.query.time(in: Sales.days(-2...5)))
    #expect(bounded.days.map(\.day) == (-2...5).map(Sales.day))
    #expect(bounded.days.map(\.tier) == [.hot, .hot, .cold, .cold, .hot, .hot, .hot, .hot])
    #expect(bounded.estimate.bytes > 0 && bounded.runs[1].bytes == bounded.estimate.bytes)

    let empty = try await world.router.explain(
      Sales.query.time(in: TimeRange(from: Sales.now, until: Sales.now)))
    #expect(empty.runs.isEmpty)
  }

  @Test("explain reads no rows")
  func explainsOnly() async throws {
    let world = try await Self.world()
    let (hot, cold) = (InterposedHotStore(world.hot), InterposedColdStore(world.cold))
    _ = try await Router(hot: hot, cold: cold).explain(Sales.query.time(in: Self.all))
    #expect(hot.log.withLock { $0.ranges.isEmpty })
    #expect(cold.reads.withLock { $0.isEmpty })
  }

  @Test("a store that charges makes the plan and the answer cost dollars")
  func costs() async throws {
    let world = try await Self.world()
    let router = Router(hot: world.hot, cold: InterposedColdStore(world.cold, charge: 0.00005))
    let answer = try await router.fetch(Sales.query.time(in: Self.all))
    #expect(answer.plan.estimate.dollars == 0.00005 && answer.plan.runs[0].dollars == 0.00005)
    #expect(answer.cost.dollars == 0.00005)
    let hotOnly = try await router.fetch(Sales.query.time(in: Sales.days(2...3)))
    #expect(hotOnly.cost == QueryCost())
  }

  @Test("sums and means of floating-point numbers are named as inexact")
  func inexactColumns() async throws {
    let answer = try await Self.world().router.fetch(
      Sales.query.select(.sum("weight"), .max("weight"), .sum("amount"), .average("weight", as: "mean")))
    #expect(answer.inexactColumns == ["sum_weight", "mean"])
  }

  @Test("an unknown dataset and an unknown column are clear errors")
  func unknownNames() async throws {
    let world = try await Self.world()
    let other = try await #require(throws: TokyoDataError.self) {
      try await world.router.fetch(Query(DatasetName("nothing")))
    }
    #expect(other.code == .unknownDataset)
    let column = try await #require(throws: TokyoDataError.self) {
      try await world.router.fetch(Sales.query.filter(.column("prize", .equal, 1)))
    }
    #expect(column.code == .unknownColumn && column.description.contains("prize"))
  }
}

import Testing

@testable import TokyoDataRouter

@Suite("The oracle")
struct OracleTests {
  @Test("random queries over split rows equal the same rows in one store", arguments: 0..<12)
  func equalsOneStore(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15)
    let (split, whole) = (try await World(), try await World())
    try await RandomSales.fill(split, whole, &random)
    // In the one store no day has a copy, so that its router reads hot alone.
    let oracle = Router(hot: whole.hot)
    let caching = Router(hot: split.hot, cold: split.cold, cache: InMemoryCache())
    var tiers: Set<Tier> = []
    var hits = 0
    for _ in 0..<60 {
      let query = try RandomSales.query(&random)
      let expected = try await oracle.fetch(query)
      let answer = try await split.router.fetch(query)
      tiers.formUnion(answer.plan.days.map(\.tier))
      #expect(answer.batch.schema == expected.batch.schema)
      let isOrdered = !query.orderings.isEmpty
      #expect(
        answer.batch.comparable(isOrdered) == expected.batch.comparable(isOrdered),
        "\(query)\n\(answer.plan)")
      let counted = answer.read.hotRows + answer.read.coldRows + answer.read.summaryRows
      if answer.plan.kind != .point { #expect(counted == expected.read.hotRows, "\(query)\n\(answer.plan)") }
      #expect(!answer.isPartial)
      if let days = try Sales.dataset.days(in: query.timeRange) {
        #expect(answer.plan.days.map(\.day) == Array(days))
      }
      // Twice through a cache: what was read, and what was kept.
      for _ in 0..<2 {
        let cached = try await caching.fetch(query)
        #expect(
          cached.batch.comparable(isOrdered) == expected.batch.comparable(isOrdered),
          "\(query)\n\(cached.plan)")
        #expect(cached.read.coldRows == answer.read.coldRows, "\(query)\n\(cached.plan)")
        if cached.cache.outcome == .hit { hits += 1 }
      }
      let explained = try await split.router.explain(query)
      if answer.plan.kind != .point { #expect(explained == answer.plan) }
    }
    #expect(hits > 20)
    #expect(tiers.contains(.hot) && tiers.contains(.cold) && tiers.contains(.coldWithOverlay))
  }
}

/// Random rows in random places, and random questions about them.
enum RandomSales {
  static let dayCount = 10

  /// Puts the same rows into one store, and into the other with its days in all states.
  static func fill(_ split: World, _ whole: World, _ random: inout SplitMix64) async throws {
    var rows: [Int64: [ColumnValue]] = [:]
    for index in 0..<dayCount {
      let day = Sales.day(index)
      let ids = (0..<random.below(40)).map { Int64(index * 100 + $0) }
      for id in ids { rows[id] = row(id, day, &random) }
      try await split.write(ids.compactMap { rows[$0] })
      // The first days stay cold, both and overlaid in every seed, so that each answer can meet all tiers.
      let place = index < 4 ? index + 1 : random.below(6)
      if place == 1 || place == 2 { try await split.retire(day) }
      if place == 3 || place == 4 { try await split.export(day) }
      guard place.isMultiple(of: 2) else { continue }
      // Late rows: some replace, some are new; of a retired day they are overlay, else they leave a mark.
      let late = ids.filter { _ in random.below(4) == 0 } + [Int64(index * 100 + 90)]
      for id in late { rows[id] = row(id, day, &random) }
      try await split.write(late.compactMap { rows[$0] })
    }
    try await whole.write(rows.values.sorted { "\($0[0])" < "\($1[0])" })
  }

  static func row(_ id: Int64, _ day: Day, _ random: inout SplitMix64) -> [ColumnValue] {
    func orNull(_ value: ColumnValue) -> ColumnValue { random.below(5) == 0 ? .null : value }
    let cents = Decimal128(Int64(random.below(2000)) - 1000)
    return [
      .int(id), .timestamp(day.start.adding(microseconds: Int64(random.below(86_400)) * 1_000_000)),
      orNull(.string(["north", "nord", "süd", "", "east"][random.below(5)])), orNull(.decimal(cents)),
      orNull(.int(Int64(random.below(7)))), orNull(.double([0.5, -0.0, 0, .nan, 3.25][random.below(5)])),
    ]
  }

  static func query(_ random: inout SplitMix64) throws -> Query {
    var query = try Sales.query.time(in: range(&random))
    if random.below(3) > 0 { query.filter = filter(&random, depth: 2) }
    if random.below(8) == 0 { query.filter = .column("id", .equal, .int(Int64(random.below(1000)))) }
    query.needs.kind = random.below(2) == 0 ? .analytics : nil
    return random.below(3) == 0 ? rows(query, &random) : groups(query, &random)
  }

  private static func range(_ random: inout SplitMix64) -> TimeRange {
    let from = random.below(dayCount)
    switch random.below(4) {
    case 0: return .unbounded
    case 1:
      let start = Sales.day(from).start.adding(microseconds: Int64(random.below(86_400)) * 1_000_000)
      return TimeRange(
        from: start, until: start.adding(microseconds: Int64(random.below(400_000)) * 1_000_000))
    default: return Sales.days(from - 1...from + random.below(dayCount))
    }
  }

  private static func filter(_ random: inout SplitMix64, depth: Int) -> Filter {
    let comparison = Filter.Comparison.allCases[random.below(6)]
    if depth > 0, random.below(2) == 0 {
      let (left, right) = (filter(&random, depth: depth - 1), filter(&random, depth: depth - 1))
      return [left && right, left || right, !left][random.below(3)]
    }
    switch random.below(9) {
    case 0: return .column("id", comparison, .int(Int64(random.below(1000))))
    case 1: return .column("amount", comparison, .decimal(Decimal128(Int64(random.below(2000)) - 1000)))
    case 2: return .column("pieces", comparison, .int(Int64(random.below(8))))
    case 3: return .column("weight", comparison, .double([0, .nan, 3.25][random.below(3)]))
    case 4: return .column("region", comparison, .string(["nord", "north", ""][random.below(3)]))
    case 5: return .hasPrefix("region", ["no", "s", "x"][random.below(3)])
    case 6: return .isNull(["region", "amount", "pieces"][random.below(3)])
    case 7: return .isIn("pieces", [1, 3, .int(Int64(random.below(9)))])
    default: return .between("amount", .int(Int64(random.below(900)) - 900), .int(Int64(random.below(900))))
    }
  }

  private static func rows(_ query: Query, _ random: inout SplitMix64) -> Query {
    var query = query
    if random.below(2) == 0 {
      query.projections = ["id", Projection(.multiply("amount", "pieces"), as: "value"), "region"]
    }
    guard random.below(2) == 0 else { return query }
    // The id last makes the order total, so that a limit cuts the same rows off.
    query.orderings = [Ordering("amount", descending: random.below(2) == 0, nullsFirst: random.below(2) == 0)]
    query.orderings.append("id")
    query.limit = random.below(2) == 0 ? random.below(30) : nil
    return query
  }

  private static func groups(_ query: Query, _ random: inout SplitMix64) -> Query {
    var query = query
    let groupings: [Grouping] = [
      .day, .week, .month, .column("region"), .column("pieces"), .column("weight"),
    ]
    query.groupings = groupings.filter { _ in random.below(4) == 0 }
    if random.below(4) == 0 {
      query.aggregates = [.count]
    } else {
      query.aggregates =
        [
          .count, .sum("amount"), .average("amount"), .min("region"), .max("weight"),
          Aggregate(.sum(.multiply("amount", "pieces")), as: "value"),
          Aggregate(.count("pieces"), as: "some"),
          .average("pieces"), .max("at"),
        ].filter { _ in random.below(2) == 0 } + [Aggregate(.countRows, as: "n")]
    }
    let count = query.aggregates[query.aggregates.count - 1].name
    if random.below(4) == 0 { query.having = .column(count, .greater, .int(Int64(random.below(5)))) }
    if random.below(2) == 0 {
      query.orderings = [.descending(count)] + query.groupings.map { Ordering($0.name) }
      query.limit = random.below(2) == 0 ? random.below(10) : nil
    }
    return query
  }
}

extension ColumnBatch {
  /// The rows as text, in which NaN equals NaN; sorted where their order means nothing.
  fileprivate func comparable(_ isOrdered: Bool) -> [String] {
    // −0.0 and 0.0 are one group, of which either may be the name.
    let texts = rows.map { row in
      row.map { $0 == .double(0) ? "0.0" : $0.text ?? "null" }.joined(separator: "|")
    }
    return isOrdered ? texts : texts.sorted()
  }
}

extension SplitMix64 {
  /// A number from 0 to below the bound, 0 for no bound.
  mutating func below(_ bound: Int) -> Int { bound < 1 ? 0 : Int.random(in: 0..<bound, using: &self) }
}

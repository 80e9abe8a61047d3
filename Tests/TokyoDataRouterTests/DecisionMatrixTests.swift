import Testing

@testable import TokyoDataRouter

@Suite("The decision matrix")
struct DecisionMatrixTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var state: DayState
    var kind: QueryKind
    var latency = LatencyNeed.interactive
    var freshness = FreshnessNeed.latest
    var isMarked = false
    var isVerified = true
    var fingerprint: String?
    var asOf = Sales.now
    var tier: Tier
    var reason: String

    var testDescription: String { "\(state) day, \(kind), \(latency), \(freshness) → \(tier)" }
  }

  static let cases: [Case] = [
    // Days that cannot be read, before every rule.
    Case(
      state: .expired, kind: .analytics, tier: .nothing, reason: "expired: past its retention in the lake"),
    Case(
      state: .suspect, kind: .point, tier: .nothing,
      reason: "suspect: hot and its copy differ, until somebody resolves it"),
    // Rule 1, and that it comes before rule 2.
    Case(state: .hot, kind: .mutation, tier: .hot, reason: "held by hot"),
    Case(state: .both, kind: .mutation, tier: .hot, reason: "held by hot"),
    Case(
      state: .cold, kind: .mutation, latency: .realtime, tier: .nothing,
      reason: "retired from hot, and a mutation runs in hot"),
    // Rule 2, and that it comes before rules 3 and 4.
    Case(state: .both, kind: .analytics, latency: .realtime, tier: .hot, reason: "held by hot"),
    Case(
      state: .cold, kind: .point, latency: .realtime, tier: .nothing,
      reason: "retired from hot, and real time reads hot only"),
    Case(
      state: .cold, kind: .analytics, latency: .realtime, freshness: .asOfExport, tier: .nothing,
      reason: "retired from hot, and real time reads hot only"),
    // Rule 3, and that it comes before rule 4.
    Case(state: .both, kind: .point, tier: .hot, reason: "held by hot"),
    Case(
      state: .cold, kind: .point, freshness: .asOfExport, tier: .coldWithOverlay,
      reason: "point by key: asked if hot does not hold it"),
    // Rule 4.
    Case(state: .hot, kind: .analytics, tier: .hot, reason: "held by hot"),
    Case(state: .both, kind: .operational, tier: .hot, reason: "held by hot"),
    Case(state: .both, kind: .aggregation, tier: .hot, reason: "held by hot"),
    Case(
      state: .both, kind: .aggregation, latency: .batch, freshness: .asOfExport, tier: .hot,
      reason: "held by hot"),
    Case(state: .both, kind: .analytics, tier: .cold, reason: "analytics, and the copy equals hot"),
    Case(
      state: .both, kind: .analytics, isMarked: true, tier: .hot,
      reason: "held by hot: its copy is marked as changed"),
    Case(
      state: .both, kind: .analytics, fingerprint: "other", tier: .hot,
      reason: "held by hot: its copy has another schema"),
    Case(
      state: .both, kind: .analytics, asOf: Sales.day(0).start, tier: .hot,
      reason: "held by hot: hot's clock stands before the day's end"),
    Case(
      state: .both, kind: .analytics, freshness: .asOfExport, isMarked: true, tier: .cold,
      reason: "analytics, as of its export"),
    Case(state: .cold, kind: .analytics, tier: .coldWithOverlay, reason: "older than hot, verified"),
    Case(state: .cold, kind: .aggregation, tier: .coldWithOverlay, reason: "older than hot, verified"),
    Case(
      state: .cold, kind: .operational, isVerified: false, tier: .coldWithOverlay, reason: "older than hot"),
    Case(
      state: .cold, kind: .operational, freshness: .asOfExport, tier: .cold,
      reason: "older than hot, as of its export"),
  ]

  @Test("every rule decides its days, and the first that matches wins", arguments: cases)
  func decides(_ test: Case) throws {
    let version = try VersionRecord.sales(
      of: Sales.day(0), rows: [Sales.row(1, Sales.day(0))], verified: test.isVerified,
      fingerprint: test.fingerprint)
    let coverage = try Coverage.sales(
      [0: test.state], marked: test.isMarked ? [0] : [], versions: [0: version])
    var query = try Sales.query
    query.needs = QueryNeeds(kind: test.kind, latency: test.latency, freshness: test.freshness)
    let input = RoutingInput(
      kind: test.kind, query: query, dataset: try Sales.dataset, coverage: coverage, asOf: test.asOf)
    let day = coverage.days[Sales.day(0)] ?? DayCoverage(day: Sales.day(0), state: .hot, version: nil)
    let decision = DecisionMatrix().decision(for: day, in: input)
    #expect(decision == DayDecision(test.tier, test.reason))
  }

  @Test("an undated dataset is hot's, unless analytics may be as old as the copy")
  func undated() throws {
    let dataset = try Sales.definition(timeColumn: nil)
    let coverage = try Coverage.sales([0: .both])
    func tier(_ kind: QueryKind, _ freshness: FreshnessNeed) throws -> Tier {
      var query = try Sales.query
      query.needs = QueryNeeds(kind: kind, freshness: freshness)
      let input = RoutingInput(
        kind: kind, query: query, dataset: dataset, coverage: coverage, asOf: Sales.now)
      return DecisionMatrix().decision(
        for: coverage.days[Sales.day(0)] ?? DayCoverage(day: Sales.day(0), state: .hot, version: nil),
        in: input
      ).tier
    }
    #expect(try tier(.analytics, .latest) == .hot)
    #expect(try tier(.aggregation, .asOfExport) == .hot)
    #expect(try tier(.analytics, .asOfExport) == .cold)
  }

  static var kinds: [(Query, QueryKind)] {
    get throws {
      let sales = try Sales.query
      return [
        (sales, .operational),
        (sales.filter(.column("region", .equal, "north")), .operational),
        (sales.filter(.column("id", .equal, 7)), .point),
        (sales.filter(.compare(.literal(7), .equal, .column("id"))), .point),
        (sales.filter(.isIn(.column("id"), [7])), .point),
        (sales.filter(.isIn(.column("id"), [7, 8])), .operational),
        (sales.filter(.column("id", .less, 7)), .operational),
        (sales.filter(.column("region", .equal, "x") && .column("id", .equal, 7)), .point),
        (sales.filter(.column("region", .equal, "x") || .column("id", .equal, 7)), .operational),
        (sales.filter(!.column("id", .equal, 7)), .operational),
        (sales.filter(.column("id", .equal, 7)).select(.count), .aggregation),
        (sales.group(by: .day), .aggregation),
        (sales.select(.count).needing(QueryNeeds(kind: .analytics)), .analytics),
        (sales.needing(QueryNeeds(kind: .point)), .operational),
        (sales.filter(.column("id", .equal, 7)).needing(QueryNeeds(kind: .operational)), .operational),
      ]
    }
  }

  @Test("the kind is as declared, else derived from the query", arguments: try kinds)
  func derivesKind(_ query: Query, _ kind: QueryKind) throws {
    #expect(try query.kind(for: Sales.dataset) == kind)
  }
}

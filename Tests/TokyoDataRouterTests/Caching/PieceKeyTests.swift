import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("Different questions have different keys")
struct PieceKeyTests {
  let record: VersionRecord
  let range = Sales.days(0...3)

  init() throws {
    record = try .sales(of: Sales.day(1), rows: [Sales.row(101, Sales.day(1))])
  }

  func key(
    _ query: Query, dataset: Dataset? = nil, version: VersionRecord? = nil, excluded: ColumnBatch? = nil,
    ledger: LedgerID = LedgerID("a")
  ) throws -> CacheKey {
    let resolved = try ResolvedQuery(query, for: dataset ?? Sales.dataset)
    return try PieceKeys(resolved, of: ledger)
      .key(of: PinnedVersion(version ?? record, excludedKeys: excluded))
  }

  @Test("a literal's case, its white space, its type and its normal form make another key")
  func literals() throws {
    let regions: [String] = [
      "north", "North", "NORTH", " north", "north ", "nor th", "nor  th", "nor\tth", "", "\u{e9}", "e\u{301}",
      "north' --", "north\u{0}",
    ]
    let filters: [Filter] =
      regions.map { .column("region", .equal, .string($0)) }
      + regions.map { .hasPrefix("region", $0) }
      + [
        .column("region", .less, "north"), .isNull("region"), .isIn("region", ["north"]),
        .isIn("region", ["nor", "th"]),
      ]
      + [0.5, -0.0, 0.0, .nan, .infinity, 1e-300].map { .column("weight", .equal, .double($0)) }
      + [1, 2, -1].map { .column("amount", .equal, .decimal(Decimal128($0))) }
      + [1, 2, -1].map { .column("pieces", .equal, .int($0)) }
    let query = try Sales.query.time(in: range).select(.count)
    let keys = try filters.map { try key(query.filter($0)) } + [try key(query)]
    #expect(Set(keys).count == keys.count)
  }

  @Test("dataset, schema, key, zone, ledger, version, excluded keys and cut make another key")
  func surroundings() throws {
    let query = try Sales.query.time(in: range).group(by: .day).select(.sum("amount"))
    let dataset = try Sales.dataset
    func changed(_ change: (inout VersionRecord) -> Void) -> VersionRecord {
      var copy = record
      change(&copy)
      return copy
    }
    let fields = dataset.schema.fields
    let wider = try ColumnSchema(fields + [ColumnField("new", .int64)])
    let turned = try ColumnSchema(Array(fields[0...3]) + [fields[5], fields[4]])
    let otherName = try Sales.definition(name: "sales_b", timeColumn: "at")
    var policy = dataset.policy
    policy.timeZone = "Asia/Tokyo"
    func excluded(_ ids: [Int64]) throws -> ColumnBatch {
      try Sales.batch(ids.map { Sales.row($0, Sales.day(1)) }).selecting(["id"])
    }
    let noon = Sales.day(1).start.adding(microseconds: 43_200_000_000)
    let keys = [
      try key(query),
      try key(query, ledger: LedgerID("b")),
      try key(
        Query(otherName.name).time(in: range).group(by: .day).select(.sum("amount")), dataset: otherName),
      try key(query, dataset: Dataset(dataset.name, schema: wider, primaryKey: ["id"], timeColumn: "at")),
      try key(query, dataset: Dataset(dataset.name, schema: turned, primaryKey: ["id"], timeColumn: "at")),
      try key(
        query,
        dataset: Dataset(dataset.name, schema: dataset.schema, primaryKey: ["id", "at"], timeColumn: "at")),
      try key(
        query,
        dataset: Dataset(
          dataset.name, schema: dataset.schema, primaryKey: ["id"], timeColumn: "at", policy: policy)),
      try key(query.time(in: TimeRange(from: noon))), try key(query.time(in: TimeRange(until: noon))),
      try key(query.time(in: TimeRange(from: Sales.day(0).start, until: noon.adding(microseconds: 1)))),
      try key(query, version: changed { $0.id = VersionID(at: Sales.now) }),
      try key(query, version: changed { $0.location += "x" }),
      try key(query, version: changed { $0.schemaFingerprint = "0" }),
      try key(query, version: changed { $0.exportedAt = Sales.now }),
      try key(query, version: changed { $0.day = Sales.day(2) }),
      try key(query, version: changed { $0.rowHash = RowHash() }),
      try key(query, excluded: excluded([101])), try key(query, excluded: excluded([102])),
      try key(query, excluded: excluded([101, 102])),
      try key(query.select(.sum("pieces"))), try key(query.select(.count)),
      try key(query.group(by: .column("region"))),
      try key(query.group(by: .month)),
    ]
    #expect(Set(keys).count == keys.count)
  }

  @Test("what changes no state makes no other key")
  func normalized() throws {
    let query = try Sales.query.time(in: range).group(by: .bucket(.day, as: "d")).select(
      Aggregate(.sum("amount"), as: "s"))
    let same = [
      query, query.having(.column("s", .greater, 5)), query.order(by: .descending("s")), query.limit(3),
      query.needing(QueryNeeds(kind: .analytics, latency: .batch)),
      query.time(in: Sales.days(-5...40)), query.time(in: .unbounded),
      try Sales.query.time(in: range).group(by: .day).select(.sum("amount")),
    ]
    #expect(Set(try same.map { try key($0) }).count == 1)
    let (ids, turned) = ([Int64(1), 2, 3], [Int64(3), 1, 2])
    func excluded(_ ids: [Int64]) throws -> ColumnBatch {
      try Sales.batch(ids.map { Sales.row($0, Sales.day(1)) }).selecting(["id"])
    }
    #expect(try key(query, excluded: excluded(ids)) == key(query, excluded: excluded(turned)))
    #expect(try key(query, excluded: excluded([])) == key(query))
  }

  @Test("of random queries those of one key read the same states", arguments: 0..<4)
  func generated(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed &+ 90)
    var seen: [CacheKey: Set<String>] = [:]
    var queries = 0
    for _ in 0..<400 {
      let query = try RandomSales.query(&random)
      guard query.timeRange.touches(record.day) else { continue }
      let resolved = try ResolvedQuery(query, for: Sales.dataset)
      queries += 1
      // What the states are made of, as the stores see it: columns, filter, and the part of the day.
      let cut = query.timeRange.covers(record.day) ? TimeRange.unbounded : query.timeRange
      let columns = resolved.partialColumns.map { column -> String in
        guard case .key(.bucket(let bucket)) = column else { return "\(column)" }
        return "bucket \(bucket.unit) \(bucket.column ?? "") \(bucket.zone)"
      }
      let states = "\(columns) \(resolved.filter.map { "\($0)" } ?? "all") \(cut)"
      seen[try key(query), default: []].insert(states)
    }
    #expect(queries > 150)
    for (_, states) in seen { #expect(states.count == 1, "\(states)") }
    let distinct = Set(seen.values.flatMap(\.self))
    #expect(distinct.count <= seen.count)
    #expect(distinct.count > 100)
  }
}

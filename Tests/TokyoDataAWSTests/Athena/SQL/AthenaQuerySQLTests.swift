import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Typed queries as SQL for Athena")
struct AthenaQuerySQLTests {
  static let first = Day(daysSince1970: 20_453)  // 2025-12-31

  static func dataset(_ key: [String] = ["id"], _ timeType: ColumnType = .timestamp) throws -> Dataset {
    try Dataset(
      DatasetName("sales"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", timeType, isNullable: false),
        ColumnField("Amount", .decimal(precision: 12, scale: 2)), ColumnField("region", .string),
        ColumnField("weight", .double), ColumnField("pieces", .int32), ColumnField("seen", .timestamp),
        ColumnField("code", .string, isNullable: false),
      ]), primaryKey: key, timeColumn: "at", policy: DatasetPolicy(timeZone: "UTC"))
  }

  static func record(_ number: Int) throws -> VersionRecord {
    let day = first.advanced(by: number)
    let digits = String(number)
    let id = try #require(VersionID("v-" + String(repeating: "0", count: 6 - digits.count) + digits))
    return VersionRecord(
      id: id, day: day, location: "l", schemaFingerprint: "f", snapshot: "s", exportedAt: day.next.start)
  }

  static func statements(
    _ query: Query, _ versions: [PinnedVersion], of dataset: Dataset? = nil, limit: Int? = nil
  ) throws -> [String] {
    let resolved = try ResolvedQuery(query, for: dataset ?? Self.dataset())
    let sql = AthenaQuerySQL(query: resolved, table: .versions(of: resolved.dataset, in: "db"))
    let statements =
      if let limit { try sql.statements(from: versions, limit: limit) } else {
        try sql.statements(from: versions)
      }
    #expect(statements.allSatisfy { $0.parameters.isEmpty })
    return statements.map(\.sql)
  }

  static func pinned(_ numbers: Range<Int>) throws -> [PinnedVersion] {
    try numbers.map { PinnedVersion(try record($0)) }
  }

  static func query() throws -> Query { Query(try DatasetName("sales")) }

  // MARK: Texts

  @Test("groups with exact sums, over whole days without a time predicate")
  func groups() throws {
    let query = try Self.query().group(by: .month, .column("region"))
      .select(.count, .average("Amount"), .sum("pieces"), .max("weight"))
      .filter(.column("Amount", .greater, .decimal(try #require(Decimal128("1.005")))))
    #expect(
      try Self.statements(query, Self.pinned(0..<2)) == [
        """
        SELECT date_trunc('month', CAST("year" || '-' || "month" || '-' || "day" AS date)) AS "key0", \
        "region" AS "key1", count(*) AS "rows2", sum(CAST("amount" AS decimal(38,2))) AS "sum3", \
        count("amount") AS "count4", sum(CAST("pieces" AS decimal(38,0))) AS "sum5", \
        CASE WHEN bool_or(is_nan(("weight" + DOUBLE '0.0'))) THEN DOUBLE 'NaN' \
        ELSE max(("weight" + DOUBLE '0.0')) FILTER (WHERE NOT is_nan(("weight" + DOUBLE '0.0'))) END AS "max6" \
        FROM "db"."sales_versions" \
        WHERE ((("year" = '2025' AND "month" = '12' AND "day" = '31') OR \
        ("year" = '2026' AND "month" = '01' AND "day" = '01')) \
        AND "lake_version" IN ('v-000000', 'v-000001')) AND ("amount" > DECIMAL '1.00') GROUP BY 1, 2
        """
      ])
  }

  @Test("rows by the microseconds of their time, sorted with nulls and NaN in place")
  func rows() throws {
    let from = Self.first.next.start.adding(microseconds: 1)
    let query = try Self.query().select("at", "region").order(by: .descending("weight")).limit(3)
      .time(in: from..<Self.first.advanced(by: 3).start)
    #expect(
      try Self.statements(query, Self.pinned(0..<4)) == [
        """
        SELECT "at__us" AS "value0", "region" AS "value1", "weight" AS "value2", "id" AS "value3" \
        FROM "db"."sales_versions" \
        WHERE (("year" = '2026' AND "month" = '01' AND "day" = '02' AND "lake_version" = 'v-000002') OR \
        ("year" = '2026' AND "month" = '01' AND "day" = '01' AND "lake_version" = 'v-000001' \
        AND "at__us" >= \(from.microsecondsSince1970))) \
        ORDER BY is_nan("weight") DESC NULLS LAST, ("weight" + DOUBLE '0.0') DESC NULLS LAST, \
        "id" ASC NULLS LAST, "at__us" ASC NULLS LAST LIMIT 3
        """
      ])
  }

  @Test("months and days between the ends of many versions, and each version by its id")
  func manyDays() throws {
    let sql = try #require(try Self.statements(Self.query().select(.count), Self.pinned(0..<400)).first)
    #expect(sql.contains(#"("year" = '2026' AND "month" BETWEEN '01' AND '12')"#))
    #expect(sql.contains(#"("year" = '2027' AND "month" BETWEEN '01' AND '02')"#))
    #expect(sql.contains(#"("year" = '2025' AND "month" = '12' AND "day" = '31')"#))
    #expect(sql.matches(of: /'v-\d{6}'/).count == 400)
    #expect(!sql.contains("at__us"))
  }

  @Test("excluded keys of their day only, one column or several")
  func excludedKeys() throws {
    for (key, condition) in [
      (["id"], #"(NOT ("id" IN (3, 7)))"#),
      (["code", "id"], #"(NOT ((("code" = 'a''b') AND ("id" = 3)) OR (("code" = 'c') AND ("id" = 7))))"#),
    ] {
      let fields = key.map { ColumnField($0, $0 == "id" ? .int64 : .string, isNullable: false) }
      var builder = ColumnBatchBuilder(try ColumnSchema(fields), capacity: 2)
      for (id, code) in [(7, "c"), (3, "a'b")] as [(Int64, String)] {
        try builder.append(row: key.map { $0 == "id" ? .int(id) : .string(code) })
      }
      let versions = [
        PinnedVersion(try Self.record(1), excludedKeys: try builder.finish()),
        PinnedVersion(try Self.record(2)),
      ]
      let sql = try Self.statements(Self.query().select(.count), versions, of: Self.dataset(key))
      #expect(sql.count == 1)
      #expect(sql[0].contains("\"lake_version\" = 'v-000001' AND \(condition))"), "\(sql[0])")
    }
  }

  // MARK: What is asked at all

  @Test("no statement for no versions, none that can match, and a limit of 0")
  func nothing() throws {
    #expect(try Self.statements(Self.query().select(.count), []).isEmpty)
    #expect(try Self.statements(Self.query().limit(0).select("id"), Self.pinned(0..<2)).isEmpty)
    let past = try Self.query().time(in: TimeRange(until: Self.first.start)).select(.count)
    #expect(try Self.statements(past, Self.pinned(0..<2)).isEmpty)
    var record = try Self.record(0)
    record.rowHash = RowHash()
    record.summary = VersionSummary(columns: [
      "id": ColumnSummary(type: .int64, nullCount: 0, minimum: 5, maximum: 9, encodedBytes: 1)
    ])
    let beyond = try Self.query().filter(.column("id", .greater, 9)).select(.count)
    #expect(try Self.statements(beyond, [PinnedVersion(record)]).isEmpty)
  }

  @Test("a date is the first instant of its day")
  func dates() throws {
    let range = TimeRange(
      from: Self.first.start.adding(microseconds: 1), until: Self.first.next.start.adding(microseconds: 1))
    let sql = try Self.statements(
      Self.query().time(in: range).select(.count), Self.pinned(0..<2), of: Self.dataset(["id"], .date))
    #expect(sql.count == 1)
    #expect(sql[0].contains("v-000001") && !sql[0].contains("v-000000") && !sql[0].contains("\"at\""))
  }

  @Test("a timestamp that Athena would round is refused by its name, unless only its presence counts")
  func otherTimestamps() throws {
    for query in [
      try Self.query().select("seen"), try Self.query().select(.max("seen")),
      try Self.query().filter(.column("seen", .equal, .timestamp(Self.first.start))).select(.count),
      try Self.query().group(by: .bucket(TimeBucket(.day, of: "seen"))).select(.count),
    ] {
      let error = #expect(throws: TokyoDataError.self) { try Self.statements(query, Self.pinned(0..<1)) }
      #expect(error?.code == .unsupported && error?.context.column == "seen")
    }
    let counted = try Self.query().filter(!.isNull("seen")).select(Aggregate(.count("seen")))
    #expect(try Self.statements(counted, Self.pinned(0..<1)).count == 1)
  }

  // MARK: The limit of a query's bytes

  @Test("more versions than a query has room for are asked in several, each version once")
  func manyVersions() throws {
    let versions = try Self.pinned(0..<9_000).map { version in
      var version = version
      let padding = String(repeating: "x", count: 40)
      version.record.id = try #require(VersionID("\(version.record.id)-\(padding)"))
      return version
    }
    let sql = try Self.statements(Self.query().select(.count), versions)
    #expect(sql.count > 1)
    #expect(sql.allSatisfy { $0.utf8.count <= AthenaLimit.queryBytes.most - AthenaQuerySQL.room })
    let ids = sql.flatMap { $0.matches(of: /'(v-[^']*)'/).map { String($0.1) } }
    #expect(ids.count == 9_000 && Set(ids).count == 9_000)
  }

  @Test("more excluded keys than a query has room for cut the version's rows into ranges of the key")
  func manyKeys() throws {
    var builder = ColumnBatchBuilder(
      try ColumnSchema([ColumnField("id", .int64, isNullable: false)]), capacity: 1_000)
    for id in 0..<1_000 as Range<Int64> { try builder.append(row: [.int((id * 7_919) % 1_000)]) }
    let versions = [PinnedVersion(try Self.record(0), excludedKeys: try builder.finish())]
    let sql = try Self.statements(Self.query().select(.count), versions, limit: 1_500)
    #expect(sql.count > 3 && sql.allSatisfy { $0.utf8.count <= 1_500 })
    // The ranges lie side by side, and each names the keys within it.
    var next: Int64?
    var keys = 0
    for (index, text) in sql.enumerated() {
      let from = text.firstMatch(of: /"id" >= (\d+)/).flatMap { Int64($0.1) }
      let until = text.firstMatch(of: /"id" < (\d+)/).flatMap { Int64($0.1) }
      #expect(from == next && (until == nil) == (index == sql.count - 1))
      let list = try #require(text.firstMatch(of: /"id" IN \(([\d, ]+)\)/)).1
        .split(separator: ", ").compactMap { Int64($0) }
      #expect(list.allSatisfy { $0 >= from ?? .min && $0 < until ?? .max })
      keys += list.count
      next = until
    }
    #expect(keys == 1_000)
  }

  @Test("a filter that alone is too long is refused")
  func longFilter() throws {
    let query = try Self.query().filter(.isIn("region", (0..<100).map { .string("region \($0)") })).select(
      .count)
    let error = #expect(throws: TokyoDataError.self) {
      try Self.statements(query, Self.pinned(0..<3), limit: 1_000)
    }
    #expect(error?.code == .invalidArgument)
  }
}

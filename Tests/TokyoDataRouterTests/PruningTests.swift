import Testing

@testable import TokyoDataRouter

@Suite("What summaries prove")
struct PruningTests {
  /// Ids 10…20, amounts 1.00…3.00, regions "mid"…"north", no null but one region; weights without bounds.
  static let rows: [[ColumnValue]] = {
    var rows = [Sales.row(10, Sales.day(0), hour: 6, amount: 1), Sales.row(20, Sales.day(0), amount: 3)]
    rows.append(Sales.row(15, Sales.day(0), hour: 7, amount: 2))
    rows[0][2] = "mid"
    rows[2][2] = .null
    for index in rows.indices { rows[index][4] = .null }
    return rows
  }()

  static let possible: [(Filter, Bool)] = [
    (.column("id", .equal, 9), false), (.column("id", .equal, 10), true), (.column("id", .equal, 21), false),
    (.column("id", .less, 10), false), (.column("id", .less, 11), true),
    (.column("id", .lessOrEqual, 9), false), (.column("id", .lessOrEqual, 10), true),
    (.column("id", .greater, 20), false), (.column("id", .greater, 19), true),
    (.column("id", .greaterOrEqual, 21), false), (.column("id", .greaterOrEqual, 20), true),
    (.column("id", .notEqual, 10), true),
    (.compare(.literal(10), .greater, .column("id")), false),
    (.compare(.literal(21), .lessOrEqual, .column("id")), false),
    (.compare(.add(.column("id"), .literal(1)), .less, .literal(0)), true),
    (.column("amount", .greater, .decimal(3)), false),
    (.column("amount", .greater, 2), true), (.column("amount", .greater, 3), false),
    (.column("at", .less, .timestamp(Sales.day(0).start)), false),
    (.column("region", .less, "mid"), false), (.column("region", .equal, "n"), true),
    (.column("region", .greater, "north"), false),
    (.hasPrefix(.column("region"), "n"), true), (.hasPrefix(.column("region"), "northern"), false),
    (.hasPrefix(.column("region"), "mi"), true), (.hasPrefix(.column("region"), "a"), false),
    (.hasPrefix(.column("region"), "z"), false), (.hasPrefix(.column("region"), ""), true),
    (.isIn(.column("id"), [1, 2, 30]), false), (.isIn(.column("id"), [1, 12]), true),
    (.isIn(.column("id"), []), false),
    (.between(.column("id"), 1, 9), false), (.between(.column("id"), 20, 40), true),
    (.between(.column("id"), 30, 5), false), (.between(.column("id"), 12, 11), true),
    (.isNull(.column("id")), false), (.isNull(.column("region")), true), (.isNull(.column("pieces")), true),
    // A column of nulls compares with nothing, whichever way it is asked.
    (.column("pieces", .equal, 1), false), (!.column("pieces", .equal, 1), false),
    (!.isNull(.column("pieces")), false), (!.isNull(.column("region")), true),
    // Negation turns what is never false into what is never true.
    (!.column("id", .less, 21), false), (!.column("id", .less, 20), true),
    (!.between(.column("id"), 10, 20), false), (!.hasPrefix(.column("region"), "x"), true),
    (!(.column("id", .less, 5) || .column("id", .lessOrEqual, 20)), false),
    (.column("id", .equal, 10) && .column("region", .greater, "x"), false),
    (.column("id", .equal, 1) || .column("region", .equal, "mid"), true),
    (.column("id", .equal, 1) || .column("id", .equal, 2), false),
    (.and([]), true), (.or([]), false),
    // Bounds of floating-point numbers are not trusted, nor are columns that the summary lacks.
    (.column("weight", .greater, 100.0), true), (.column("gone", .equal, 1), true),
    (.column("id", .equal, "text"), true), (.column("id", .equal, nil), false),
  ]

  @Test("a condition is impossible only where the bounds prove it", arguments: possible)
  func proves(_ filter: Filter, _ maybeTrue: Bool) throws {
    let version = try VersionRecord.sales(of: Sales.day(0), rows: Self.rows)
    let schema = try Sales.dataset.schema
    #expect(filter.mayBeTrue { version.bounds(of: $0, in: schema) } == maybeTrue)
  }

  @Test("a column whose type changed since the version proves nothing")
  func otherType() throws {
    var version = try VersionRecord.sales(of: Sales.day(0), rows: Self.rows)
    version.summary.columns["id"]?.type = .int32
    #expect(version.bounds(of: "id", in: try Sales.dataset.schema) == nil)
  }

  static let ranges: [(TimeRange, String?)] = [
    (.unbounded, nil),
    (TimeRange(until: instant(hour: 6)), "the copy has no row in the time range"),
    (TimeRange(until: instant(hour: 6, 1)), nil), (TimeRange(from: instant(hour: 8)), nil),
    (TimeRange(from: instant(hour: 8, 1)), "the copy has no row in the time range"),
  ]

  static func instant(hour: Int64, _ microseconds: Int64 = 0) -> Timestamp {
    Sales.day(0).start.adding(microseconds: hour * 3_600_000_000 + microseconds)
  }

  @Test("a time range excludes a version to the microsecond", arguments: ranges)
  func excludesTimes(_ range: TimeRange, _ reason: String?) throws {
    let version = try VersionRecord.sales(of: Sales.day(0), rows: Self.rows)
    let query = try ResolvedQuery(Sales.query.time(in: range), for: Sales.dataset)
    #expect(version.reasonForNoMatch(with: query) == reason)
  }

  @Test("the reason names the columns of the condition that cannot hold, or that there are no rows")
  func reasons() throws {
    let filter = Filter.column("pieces", .equal, 1) && .column("id", .less, 5)
    let query = try ResolvedQuery(Sales.query.filter(.column("id", .less, 15) && filter), for: Sales.dataset)
    let version = try VersionRecord.sales(of: Sales.day(0), rows: Self.rows)
    #expect(
      version.reasonForNoMatch(with: query) == "no row of the copy can match the filter on pieces")
    let empty = try VersionRecord.sales(of: Sales.day(0))
    #expect(empty.reasonForNoMatch(with: query) == "the copy has no rows")
  }
}

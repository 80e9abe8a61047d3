import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Parts of a table")
struct PartPlanTests {
  @Test(
    "by key have bounds that ascend within the keys, however far these reach",
    arguments: [
      0...0, 0...1, 1...1_000, -5...5, Int64.min...Int64.max, Int64.max - 1...Int64.max,
      Int64.min...Int64.min,
    ], [0, 1, 2, 3, 7, 1_000])
  func bounds(keys: ClosedRange<Int64>, parts: Int) {
    let bounds = PartPlan.bounds(within: keys, parts: parts)
    #expect(bounds.count < max(1, parts))
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy(<))
    #expect(bounds.allSatisfy { keys.contains($0) && $0 > keys.lowerBound })
    if parts > 1, keys.count(atLeast: parts) { #expect(bounds.count >= (parts - 1) / 2) }
  }

  @Test("by key leave no gap, and nulls are in the first")
  func conditions() throws {
    let parts = PartPlan.parts(of: "id", at: [10, 20])
    #expect(parts.map(\.part.name) == ["id ..<10", "id 10..<20", "id 20..<"])
    #expect(
      try parts.map { try $0.condition.inlined() } == [
        "(\"id\" < '10'::int8 OR \"id\" IS NULL)", "\"id\" >= '10'::int8 AND \"id\" < '20'::int8",
        "\"id\" >= '20'::int8",
      ])
    #expect(try PartPlan.parts(of: "id", at: []).map { try $0.condition.inlined() } == ["true"])
  }

  @Test("by day have bounds of the column's own type")
  func days() throws {
    let day = try #require(Day("2026-11-01"))
    let local = LocalTimestamp(microsecondsSince1970: day.start.microsecondsSince1970)
    let nextLocal = LocalTimestamp(microsecondsSince1970: day.next.start.microsecondsSince1970)
    let expected: [(ColumnType, PostgresStatement)] = [
      (.timestamp, "\"at\" >= \(day.start) AND \"at\" < \(day.next.start)"),
      (.localTimestamp, "\"at\" >= \(local) AND \"at\" < \(nextLocal)"),
      (.date, "\"at\" >= \(day) AND \"at\" <= \(day)"),
    ]
    for (type, condition) in expected {
      #expect(
        try TimeSplit("at", type, of: "t").condition(for: day...day).inlined() == condition.inlined())
    }
  }
}

extension ClosedRange<Int64> {
  /// There are at least so many integers in it.
  fileprivate func count(atLeast number: Int) -> Bool {
    UInt64(bitPattern: upperBound &- lowerBound) >= UInt64(number)
  }
}

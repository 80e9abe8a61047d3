import Testing
import TokyoDataCore

@Suite("Queries split over tiers")
struct SplitTests {
  private static func invoices() throws -> Dataset {
    try Dataset(
      DatasetName("invoices"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("status", .string),
        ColumnField("amount", .decimal(precision: 12, scale: 2)),
        ColumnField("issued_at", .timestamp, isNullable: false),
      ]), primaryKey: ["id"], timeColumn: "issued_at")
  }

  private static func batch(_ rows: Range<Int64>) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try invoices().schema)
    for id in rows {
      try builder.append(row: [
        .int(id), id % 3 == 0 ? .null : .string(id % 3 == 1 ? "paid" : "open"),
        .decimal(Decimal128(unscaled: Int128(id) * 25, scale: 2)),
        .timestamp(Timestamp(microsecondsSince1970: id * 86_400_000_000)),
      ])
    }
    return try builder.finish()
  }

  @Test("groups of two tiers merge into one answer")
  func groups() throws {
    let query = try Query(DatasetName("invoices"))
      .filter(.column("id", .less, 90)).group(by: .month, .column("status"))
      .select(.count, .sum("amount"), .average("amount"), .max("status"))
      .order(by: "month", "status")
    let resolved = try ResolvedQuery(query, for: Self.invoices())
    var merger = ResultMerger(resolved)
    for tier in [0..<40, 40..<100] as [Range<Int64>] {
      var evaluator = PartialEvaluator(resolved)
      try evaluator.add(Self.batch(tier))
      for batch in try evaluator.takeBatches(atEnd: true) { try merger.add(batch) }
    }
    let answer = try merger.finish()
    #expect(answer.rowCount == 9)
    #expect(
      answer.row(0) == [
        .date(Day(daysSince1970: 0)), "open", 10, .decimal(Decimal128("38.75")!),
        .decimal(Decimal128("3.87500000")!), "open",
      ])
    #expect(answer.row(2)[1].isNull)
  }

  @Test("rows sorted in two tiers merge into the first few")
  func rows() throws {
    let query = try Query(DatasetName("invoices")).select("status")
      .order(by: .descending("status"), "amount").limit(3)
    let resolved = try ResolvedQuery(query, for: Self.invoices())
    var merger = ResultMerger(resolved)
    for tier in [0..<40, 40..<100] as [Range<Int64>] {
      var evaluator = PartialEvaluator(resolved)
      try evaluator.add(Self.batch(tier))
      for batch in try evaluator.takeBatches(atEnd: true) { try merger.add(batch) }
    }
    let answer = try merger.finish()
    #expect((0..<answer.rowCount).map { answer.row($0) } == [["paid"], ["paid"], ["paid"]])
  }
}

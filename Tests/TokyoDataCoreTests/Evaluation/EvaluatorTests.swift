// swift-format-ignore-file: NeverForceUnwrap
// A nil here is a mistake in the test itself; the trap names its line.

import Testing
import TokyoDataCore

@Suite("Evaluating a tier")
struct EvaluatorTests {
  private static func numbers(_ type: ColumnType = .int64) throws -> Dataset {
    try Dataset(
      DatasetName("numbers"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("region", .string, isNullable: false),
        ColumnField("n", type), ColumnField("at", .timestamp, isNullable: false),
      ]), primaryKey: ["id", "region"], timeColumn: "at")
  }

  /// Row `i` has id and microsecond `i`, and region `a` or `b` as `i` is even or odd.
  private static func batch(_ values: [ColumnValue], _ type: ColumnType = .int64) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try numbers(type).schema)
    for (id, value) in values.enumerated() {
      try builder.append(row: [
        .int(Int64(id)), id.isMultiple(of: 2) ? "a" : "b", value,
        .timestamp(Timestamp(microsecondsSince1970: Int64(id))),
      ])
    }
    return try builder.finish()
  }

  private static func resolve(
    _ type: ColumnType = .int64, _ change: (Query) -> Query
  ) throws -> ResolvedQuery {
    try ResolvedQuery(change(Query(DatasetName("numbers"))), for: numbers(type))
  }

  private static func answer(_ query: ResolvedQuery, _ tiers: ColumnBatch...) throws -> [[ColumnValue]] {
    var merger = ResultMerger(query)
    for tier in tiers {
      var evaluator = PartialEvaluator(query)
      try evaluator.add(tier)
      for batch in try evaluator.takeBatches(atEnd: true) { try merger.add(batch) }
    }
    let result = try merger.finish()
    return (0..<result.rowCount).map(result.row)
  }

  @Test("an aggregate of no rows is one row: count 0, the rest null")
  func noRows() throws {
    let query = try Self.resolve { $0.select(.count, .sum("n"), .average("n"), .min("region")) }
    #expect(try Self.answer(query) == [[0, nil, nil, nil]])
    #expect(try Self.answer(query, Self.batch([])) == [[0, nil, nil, nil]])
    #expect(try Self.answer(query, Self.batch([]), Self.batch([5])).first?.first == 1)
    let grouped = try Self.resolve { $0.group(by: .column("region")).select(.count) }
    #expect(try Self.answer(grouped, Self.batch([])).isEmpty)
  }

  @Test("a sum of integers passes 64 bits")
  func wideSum() throws {
    let query = try Self.resolve { $0.select(.sum("n"), .average("n")) }
    let batch = try Self.batch([.int(.max), .int(.max)])
    #expect(
      try Self.answer(query, batch, batch) == [
        [.decimal(Decimal128("36893488147419103228")!), .decimal(Decimal128("9223372036854775807.000000")!)]
      ])
  }

  static let large = ColumnValue.decimal(Decimal128("9" + String(repeating: "0", count: 37))!)
  static let negative = ColumnValue.decimal(Decimal128("-9" + String(repeating: "0", count: 37))!)

  @Test("a sum that leaves 38 digits and comes back is the sum, whatever the order")
  func comesBack() throws {
    let type = ColumnType.decimal(38, 0)
    let query = try Self.resolve(type) { $0.select(.sum("n")) }
    // 4 × 9·10^37 passes 2^128 / 2 on the way.
    let rows = [Self.large, Self.large, Self.large, Self.large, Self.negative, Self.negative, Self.negative]
    #expect(try Self.answer(query, Self.batch(rows, type)) == [[Self.large]])
    #expect(try Self.answer(query, Self.batch(rows.reversed(), type)) == [[Self.large]])
  }

  @Test("a sum beyond 38 digits is an error that names the column, never a wrap")
  func overflow() throws {
    let type = ColumnType.decimal(38, 0)
    let query = try Self.resolve(type) { $0.select(.sum("n")) }
    for count in [2, 4, 5, 8] {
      let batch = try Self.batch(Array(repeating: Self.large, count: count), type)
      let error = try #require(throws: TokyoDataError.self) { try Self.answer(query, batch) }
      #expect(error.code == .valueOutOfRange)
      #expect(error.context.column == "n")
    }
    let one = try Self.batch([Self.large], type)
    #expect(throws: TokyoDataError.self) { try Self.answer(query, one, one) }
  }

  @Test("a literal beyond a column's range compares as the number it is")
  func outOfRange() throws {
    let batch = try Self.batch([.int(-32_768), .int(0), .int(32_767), nil], .int16)
    func count(_ comparison: Filter.Comparison, _ literal: ColumnValue) throws -> ColumnValue? {
      let query = try Self.resolve(.int16) { $0.filter(.column("n", comparison, literal)).select(.count) }
      return try Self.answer(query, batch).first?.first
    }
    #expect(try count(.less, 100_000) == 3)
    #expect(try count(.greater, -100_000) == 3)
    #expect(try count(.equal, 100_000) == 0)
    #expect(try count(.notEqual, 100_000) == 3)
    #expect(try count(.less, 1e300) == 3)
    #expect(try count(.greaterOrEqual, .double(-.infinity)) == 3)
    #expect(try count(.less, .double(.nan)) == 3)
    #expect(try count(.less, .decimal(Decimal128("0.5")!)) == 2)
    #expect(try count(.equal, .decimal(Decimal128("0.5")!)) == 0)
  }

  @Test("only rows in the query's range and in one of the tier's ranges count")
  func ranges() throws {
    func instant(_ microseconds: Int64) -> Timestamp { Timestamp(microsecondsSince1970: microseconds) }
    let batch = try Self.batch(Array(repeating: 1, count: 10))
    let query = try Self.resolve {
      $0.time(in: instant(2)..<instant(8)).select("id").order(by: "id")
    }
    func ids(_ ranges: [TimeRange]?) throws -> [ColumnValue] {
      var evaluator = PartialEvaluator(query)
      try evaluator.add(batch, in: ranges)
      return try evaluator.takeBatches(atEnd: true).flatMap { batch in
        (0..<batch.rowCount).map { batch.row($0)[0] }
      }
    }
    #expect(try ids(nil) == [2, 3, 4, 5, 6, 7])
    #expect(try ids([.unbounded]) == [2, 3, 4, 5, 6, 7])
    #expect(try ids([]) == [])
    #expect(try ids([TimeRange(until: instant(3)), TimeRange(from: instant(7))]) == [2, 7])
    #expect(
      try ids([TimeRange(from: instant(5), until: instant(6)), TimeRange(until: instant(3))]) == [2, 5])
  }

  @Test("rows whose whole key is excluded do not count")
  func excluded() throws {
    let batch = try Self.batch(Array(repeating: 1, count: 4))
    let query = try Self.resolve { $0.select("id").order(by: "id") }
    var keys = ColumnBatchBuilder(try Self.numbers().schema.selecting(["id", "region"]))
    try keys.append(row: [0, "a"])
    try keys.append(row: [1, "a"])
    try keys.append(row: [3, "b"])
    var evaluator = PartialEvaluator(query)
    try evaluator.add(batch, excluding: KeySet(keys.finish()))
    let rows = try evaluator.takeBatches(atEnd: true)
    #expect(rows.flatMap { batch in (0..<batch.rowCount).map { batch.row($0)[0] } } == [1, 2])
    #expect(evaluator.rowCount == 2)
  }

  @Test("an absent column reads as null, but the time column must be there")
  func absent() throws {
    let batch = try Self.batch([1, 2, 3])
    let query = try Self.resolve { $0.filter(.isNull("n")).select(.count, .sum("n")) }
    #expect(try Self.answer(query, batch.selecting(["id"])) == [[3, nil]])
    let bounded = try Self.resolve {
      $0.time(in: TimeRange(from: Timestamp(microsecondsSince1970: 0))).select(.count)
    }
    let error = try #require(throws: TokyoDataError.self) {
      try Self.answer(bounded, batch.selecting(["id"]))
    }
    #expect(error.context.column == "at")
  }

  @Test("a batch with another type in a column is refused")
  func otherType() throws {
    let query = try Self.resolve { $0.select(.sum("n")) }
    let batch = try Self.batch([1], .int32)
    let error = try #require(throws: TokyoDataError.self) { try Self.answer(query, batch) }
    #expect(error.code == .typeMismatch)
    #expect(error.context.column == "n")
  }

  @Test("arithmetic that overflows is an error only on rows that count")
  func overflowingRow() throws {
    let batch = try Self.batch([.int(.max), 1, nil])
    let doubled = ColumnExpression.add("n", "n")
    let sum = try Self.resolve { $0.select(Aggregate(.sum(doubled))) }
    let error = try #require(throws: TokyoDataError.self) { try Self.answer(sum, batch) }
    #expect(error.code == .valueOutOfRange)
    #expect(error.context.column == "n")
    let filtered = try Self.resolve { $0.filter(.column("n", .less, 5)).select(Aggregate(.sum(doubled))) }
    #expect(try Self.answer(filtered, batch) == [[.decimal(2)]])
    let later = try Self.resolve {
      $0.time(in: TimeRange(from: Timestamp(microsecondsSince1970: 1)))
        .filter(.compare(doubled, .greater, .literal(0))).select(.count)
    }
    #expect(try Self.answer(later, batch) == [[1]])
  }

  @Test("a null under arithmetic does not overflow, whatever its slot holds")
  func overflowUnderNull() throws {
    let batch = try Self.batch([nil, 1])
    let query = try Self.resolve {
      $0.select(Projection(.subtract("n", .literal(.int(.min + 1))), as: "x"))
        .filter(.isNull(.subtract("n", .literal(.int(.min)))) || .column("n", .equal, 7))
    }
    #expect(throws: TokyoDataError.self) { try Self.answer(query, batch) }
    #expect(try Self.answer(query, Self.batch([nil])) == [[nil]])
  }

  @Test("rows without an order stop at the limit, and say so")
  func stops() throws {
    let query = try Self.resolve { $0.select("id").limit(3) }
    var evaluator = PartialEvaluator(query)
    try evaluator.add(Self.batch([1, 1]))
    #expect(!evaluator.isComplete)
    #expect(try evaluator.takeBatches(atEnd: false).map(\.rowCount) == [2])
    try evaluator.add(Self.batch([1, 1]))
    #expect(evaluator.isComplete)
    try evaluator.add(Self.batch([1, 1]))
    #expect(try evaluator.takeBatches(atEnd: true).map(\.rowCount) == [1])
    #expect(evaluator.rowCount == 3)
  }

  @Test("sorted rows keep the first few of many batches")
  func topRows() throws {
    let query = try Self.resolve { $0.select("n").order(by: .descending("n")).limit(2) }
    var evaluator = PartialEvaluator(query)
    let batch = try Self.batch((0..<1_000).map { .int($0) })
    for _ in 0..<80 {
      try evaluator.add(batch)
      #expect(try evaluator.takeBatches(atEnd: false).isEmpty)
    }
    let rows = try evaluator.takeBatches(atEnd: true)
    #expect(rows.map(\.rowCount) == [2])
    #expect(rows.first?.row(1).first == 999)
  }

  @Test("a limit of no rows gives none, also of groups")
  func limitZero() throws {
    let batch = try Self.batch([1, 2])
    #expect(try Self.answer(Self.resolve { $0.limit(0) }, batch).isEmpty)
    #expect(try Self.answer(Self.resolve { $0.order(by: "n").limit(0) }, batch).isEmpty)
    #expect(try Self.answer(Self.resolve { $0.select(.count).limit(0) }, batch).isEmpty)
  }

  @Test("having sees finished values, of both tiers")
  func having() throws {
    let query = try Self.resolve {
      $0.group(by: .column("region")).select(.count).having(.column("count", .greaterOrEqual, 3))
    }
    let batch = try Self.batch([1, 1, 1])
    #expect(try Self.answer(query, batch, batch) == [["a", 4]])
  }

  @Test("a tier's batch of other types is refused by the merge")
  func wrongPartial() throws {
    let query = try Self.resolve { $0.select(.count) }
    var merger = ResultMerger(query)
    #expect(throws: TokyoDataError.self) { try merger.add(Self.batch([1])) }
  }

  @Test("a key set tells members of one and of several columns, and nothing when empty")
  func keySets() throws {
    let batch = try Self.batch([1, 2, 3])
    #expect(
      try KeySet(batch.selecting(["n"])).contains(rowsOf: Self.batch([3, 9, 1])) == [true, false, true])
    let both = try KeySet(batch.selecting(["id", "region"]))
    #expect(try both.contains(rowsOf: Self.batch([0, 0, 0, 0])) == [true, true, true, false])
    let none = KeySet(ColumnBatch(empty: try batch.selecting(["n"]).schema))
    #expect(none.isEmpty)
    #expect(try none.contains(rowsOf: batch) == [false, false, false])
    #expect(throws: TokyoDataError.self) { try both.contains(rowsOf: batch.selecting(["id"])) }
  }
}

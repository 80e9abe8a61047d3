// swift-format-ignore-file: NeverForceUnwrap
// A nil here is a mistake in the test itself; the trap names its line.

import Testing

@testable import TokyoDataColumns

@Suite("Columns and batches")
struct ColumnBatchTests {
  static let everyType: [(ColumnType, ColumnValue)] = [
    (.bool, true), (.int16, -7), (.int32, 70_000), (.int64, 5_000_000_000), (.float, .float(1.5)),
    (.double, .double(-0.1)), (.decimal(12, 2), .decimal(Decimal128("-1.50")!)), (.string, "é\u{0}\u{1F600}"),
    (.bytes, .bytes([0, 255, 16])), (.date, .date(Day("2024-02-29")!)),
    (.timestamp, .timestamp(Timestamp("2024-02-29T01:02:03.000004Z")!)),
    (.localTimestamp, .localTimestamp(LocalTimestamp("1969-12-31T23:59:59.999999")!)),
  ]

  @Test("every type keeps values and nulls, and its text reads back", arguments: everyType)
  func keeps(type: ColumnType, value: ColumnValue) throws {
    var builder = ColumnBuilder(type)
    try builder.append(.null)
    try builder.append(value)
    builder.appendNull()
    let column = builder.finish()
    #expect((0..<3).map { column[$0] } == [.null, value, .null])
    #expect(column.nullCount == 2)
    #expect(try type.value(from: #require(value.text)) == value)
    #expect(ColumnType(type.description) == type)

    var copy = ColumnBuilder(type)
    for slot in [1, 0] { try copy.append(slot: slot, of: column) }
    let gathered = column.gathering([1, 0])
    #expect(copy.finish() == gathered)
    #expect(gathered[0] == value)
  }

  @Test("a value of another kind is refused, and the builder stays as it was", arguments: everyType)
  func otherKinds(type: ColumnType, value: ColumnValue) throws {
    for (other, _) in Self.everyType where other != type {
      var builder = ColumnBuilder(other)
      try builder.append(.null)
      do throws(ColumnError) { try builder.append(value) } catch {
        #expect(error.code == .typeMismatch || error.code == .valueOutOfRange)
        #expect(builder.count == 1)
        continue
      }
      #expect(builder.count == 2, "\(value.kind) into \(other)")
      let stored = builder.finish()[1]
      let isNumber = type.exactScale != nil || type.isFloatingPoint
      #expect(isNumber && (other.exactScale != nil || other.isFloatingPoint), "\(stored.kind)")
    }
  }

  @Test(
    "numbers go where they fit exactly",
    arguments: [
      (.int16, 32_767, true), (.int16, 32_768, false), (.int32, 2_147_483_648, false),
      (.decimal(4, 2), 99, true), (.decimal(4, 2), 100, false),
      (.decimal(4, 2), .decimal(Decimal128("1.500")!), true),
      (.decimal(4, 2), .decimal(Decimal128("1.505")!), false), (.float, 16_777_217, false),
      (.float, 16_777_216, true), (.double, 9_007_199_254_740_993, false), (.double, .float(0.5), true),
      (.float, .double(0.5), false), (.int64, .double(1), false),
    ] as [(ColumnType, ColumnValue, Bool)])
  func exactness(type: ColumnType, value: ColumnValue, fits: Bool) {
    var builder = ColumnBuilder(type)
    var fitted = true
    do throws(ColumnError) { try builder.append(value) } catch { fitted = false }
    #expect(fitted == fits)
  }

  @Test(
    "text that is no value of the type is refused",
    arguments: [
      (.bool, "yes"), (.int16, "40000"), (.int64, "1.0"), (.double, "x"), (.decimal(4, 2), "1.505"),
      (.decimal(4, 2), "100"), (.bytes, "abc"), (.bytes, "0g"), (.date, "2024-02-30"),
      (.timestamp, "2024-02-29"),
      (.localTimestamp, "2024-02-29T00:00:00Z"),
    ] as [(ColumnType, String)])
  func noValue(type: ColumnType, text: String) {
    #expect(throws: ColumnError.self) { try type.value(from: text) }
  }

  @Test(
    "floats print and read all their values",
    arguments: [0, -0.0, 0.1, 1e300, .leastNonzeroMagnitude, .infinity, -.infinity])
  func floats(value: Double) throws {
    let text = try #require(ColumnValue.double(value).text)
    guard case .double(let read) = try ColumnType.double.value(from: text) else {
      Issue.record("no double")
      return
    }
    #expect(read.bitPattern == value.bitPattern)
  }

  @Test(
    "impossible types are refused",
    arguments: [
      ColumnType.decimal(0, 0), .decimal(39, 0), .decimal(5, 6), .decimal(5, -1),
    ])
  func impossible(type: ColumnType) {
    #expect(throws: ColumnError.self) { try type.validated() }
    #expect(throws: ColumnError.self) { try ColumnSchema([ColumnField("c", type)]) }
    #expect(ColumnType(type.description) == nil)
  }

  @Test("a schema does not hold a name twice, and finds its columns")
  func schema() throws {
    #expect(throws: ColumnError.self) {
      try ColumnSchema([ColumnField("a", .bool), ColumnField("a", .string)])
    }
    let schema = try ColumnSchema([ColumnField("a", .bool), ColumnField("b", .string)])
    #expect(schema.index(of: "b") == 1)
    #expect(schema.index(of: "c") == nil)
    #expect(try schema.selecting(["b"]).fields == [ColumnField("b", .string)])
    #expect(throws: ColumnError.self) { try schema.selecting(["c"]) }
  }

  @Test("a batch's columns fit its schema")
  func batch() throws {
    var numbers = ColumnBuilder(.int64)
    numbers.append(int64: 1)
    numbers.appendNull()
    let column = numbers.finish()
    let nullable = try ColumnSchema([ColumnField("n", .int64)])
    #expect(try ColumnBatch(schema: nullable, columns: [column]).rowCount == 2)
    let required = try ColumnSchema([ColumnField("n", .int64, isNullable: false)])
    #expect(throws: ColumnError.self) { try ColumnBatch(schema: required, columns: [column]) }
    #expect(throws: ColumnError.self) { try ColumnBatch(schema: nullable, columns: []) }
    #expect(throws: ColumnError.self) { try ColumnBatch(schema: nullable, columns: [column], rowCount: 3) }
    let texts = try ColumnSchema([ColumnField("n", .string)])
    #expect(throws: ColumnError.self) { try ColumnBatch(schema: texts, columns: [column]) }
    let none = try ColumnSchema([])
    #expect(try ColumnBatch(schema: none, columns: [], rowCount: 7).rowCount == 7)
  }

  @Test("a builder gives its rows and starts anew, and says where a row does not fit")
  func builder() throws {
    let schema = try ColumnSchema([ColumnField("n", .int16), ColumnField("s", .string)])
    var builder = ColumnBatchBuilder(schema, capacity: 2)
    try builder.append(row: [1, "a"])
    try builder.append(row: [nil, nil])
    let first = try builder.finish()
    #expect((0..<2).map(first.row) == [[1, "a"], [nil, nil]])
    #expect(builder.rowCount == 0)
    try builder.append(row: 0, of: first)
    #expect(try builder.finish().row(0) == [1, "a"])
    var column: String?
    do throws(ColumnError) { try builder.append(row: [1, 2]) } catch { column = error.column }
    #expect(column == "s")
    var short = ColumnBatchBuilder(schema)
    var refused = false
    do throws(ColumnError) { try short.append(row: [1]) } catch { refused = true }
    #expect(refused)
  }

  @Test("batches join in order, and rows are gathered in the order asked")
  func joining() throws {
    let schema = try ColumnSchema([ColumnField("s", .string)])
    func batch(_ texts: [ColumnValue]) throws -> ColumnBatch {
      var builder = ColumnBatchBuilder(schema)
      for text in texts { try builder.append(row: [text]) }
      return try builder.finish()
    }
    let joined = try ColumnBatch.joining([batch(["a", nil]), batch([]), batch(["ccc"])], schema: schema)
    #expect((0..<3).map { joined.row($0)[0] } == ["a", nil, "ccc"])
    let gathered = try joined.gathering([2, 2, 1, 0])
    #expect((0..<4).map { gathered.row($0)[0] } == ["ccc", "ccc", nil, "a"])
    #expect(try ColumnBatch.joining([], schema: schema) == ColumnBatch(empty: schema))
  }

  @Test("values are lent in the type in which they lie, and in no other")
  func lending() throws {
    var builder = ColumnBuilder(.date)
    builder.append(int32: 5)
    builder.appendNull()
    let column = builder.finish()
    let sum = try column.withValues(as: Int32.self) { values, validity in
      (values[0] + values[1], validity.nullCount)
    }
    #expect(sum == (5, 1))
    #expect(throws: ColumnError.self) { try column.withValues(as: Int64.self) { _, _ in } }
    #expect(throws: ColumnError.self) { try column.withByteStrings { _, _, _ in } }
  }

  @Test("columns are equal bit for bit")
  func equality() throws {
    func doubles(_ values: [Double]) -> ColumnVector {
      var builder = ColumnBuilder(.double)
      for value in values { builder.append(double: value) }
      return builder.finish()
    }
    #expect(doubles([.nan]) == doubles([.nan]))
    #expect(doubles([0]) != doubles([-0.0]))
  }

  @Test("errors name columns and types and never a value")
  func errors() {
    var builder = ColumnBuilder(.int16)
    var text = ""
    do throws(ColumnError) { try builder.append(98_765) } catch { text = error.inColumn("n").description }
    #expect(text.contains("int16") && text.contains("column n"))
    #expect(!text.contains("98765"))
  }
}

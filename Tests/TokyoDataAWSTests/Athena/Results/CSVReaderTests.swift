import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Result files")
struct CSVReaderTests {
  func columns(_ types: [(String, String)], expected: ColumnSchema? = nil) throws -> ResultColumns {
    try ResultColumns(types.map { AthenaColumn(name: $0.0, type: $0.1) }, expected: expected)
  }

  /// Reads a file that comes in pieces of so many bytes.
  func read(_ text: String, _ columns: ResultColumns, piece: Int = .max) throws -> [[ColumnValue]] {
    try read(Array(text.utf8), columns, piece: piece)
  }

  func read(_ bytes: [UInt8], _ columns: ResultColumns, piece: Int = .max) throws -> [[ColumnValue]] {
    var reader = CSVReader(columns)
    var batches: [ColumnBatch] = []
    for start in stride(from: 0, to: bytes.count, by: min(piece, max(1, bytes.count))) {
      batches += try reader.add(Array(bytes[start..<min(bytes.count, start + min(piece, bytes.count))]))
    }
    batches += try reader.finish()
    return batches.flatMap { batch in (0..<batch.rowCount).map { batch.row($0) } }
  }

  func failure(_ text: String, _ columns: ResultColumns) -> TokyoDataError? {
    #expect(throws: TokyoDataError.self) { try read(text, columns) }
  }

  @Test("tell NULL, the empty text, 'NULL' and 'NaN' from each other", arguments: [1, 2, 3, 7, Int.max])
  func nulls(_ piece: Int) throws {
    let columns = try columns([("a", "varchar"), ("b", "double")])
    let file = "\"a\",\"b\"\n,\"NaN\"\n\"\",\n\"NULL\",\"1.5\"\n\"NaN\",\"-Infinity\"\n"
    let rows = try read(file, columns, piece: piece)
    #expect(rows.map { $0[0] } == [.null, .string(""), .string("NULL"), .string("NaN")])
    #expect(rows[1][1] == .null)
    #expect(rows[2][1] == .double(1.5))
    #expect(rows[3][1] == .double(-.infinity))
    guard case .double(let value) = rows[0][1] else {
      Issue.record("not a number is one")
      return
    }
    #expect(value.isNaN)
  }

  @Test("keep commas, quotes and line breaks within texts", arguments: [1, 5, Int.max])
  func quoted(_ piece: Int) throws {
    let columns = try columns([("a", "varchar"), ("b", "varchar")])
    let file = "\"a\",\"b\"\n\"x,\"\"y\"\"\n\r\nz\",\"\"\"\"\n\"日本\",\"\"\"\"\"\"\n"
    #expect(
      try read(file, columns, piece: piece) == [
        [.string("x,\"y\"\n\r\nz"), .string("\"")], [.string("日本"), .string("\"\"")],
      ])
  }

  @Test("end their lines either way")
  func carriageReturns() throws {
    let columns = try columns([("a", "integer"), ("b", "integer")])
    #expect(
      try read("\"a\",\"b\"\r\n\"1\",\r\n,\"2\"\r\n", columns) == [[.int(1), .null], [.null, .int(2)]])
  }

  @Test("of one column have an empty line for NULL")
  func oneColumn() throws {
    #expect(try read("\"a\"\n\n\"1\"\n\n", columns([("a", "bigint")])) == [[.null], [.int(1)], [.null]])
  }

  @Test("without rows have their columns")
  func empty() throws {
    let columns = try columns([("a", "bigint"), ("b", "decimal")])
    #expect(try read("\"a\",\"b\"\n", columns).isEmpty)
    #expect(columns.schema.fields.map(\.name) == ["a", "b"])
  }

  @Test(
    "of every simple type are read exactly",
    arguments: [
      ("boolean", "true", ColumnValue.bool(true)), ("tinyint", "-128", .int(-128)),
      ("smallint", "7", .int(7)),
      ("integer", "-2147483648", .int(-2_147_483_648)), ("bigint", "9223372036854775807", .int(.max)),
      ("float", "0.1", .float(0.1)), ("double", "0.1", .double(0.1)),
      ("char", "ab   ", .string("ab   ")), ("varchar", " a ", .string(" a ")),
      ("varbinary", "00 ff", .bytes([0, 255])),
      ("date", "2026-01-02", .date(Day(daysSince1970: 20_455))),
      ("time", "08:30:00.250", .time(TimeOfDay(microsecondsSinceMidnight: 30_600_250_000))),
      ("timestamp", "1970-01-01 00:00:00.001", .localTimestamp(.init(microsecondsSince1970: 1_000))),
      ("timestamp", "1970-01-01 00:00:00.000001", .localTimestamp(.init(microsecondsSince1970: 1))),
      (
        "timestamp with time zone", "1970-01-01 00:00:00.001 UTC",
        .timestamp(.init(microsecondsSince1970: 1_000))
      ),
      ("json", "{\"\"a\"\":1}", .string("{\"a\":1}")), ("uuid", "x", .string("x")),
    ])
  func types(_ type: String, _ text: String, _ value: ColumnValue) throws {
    #expect(try read("\"c\"\n\"\(text)\"\n", columns([("c", type)])) == [[value]])
  }

  @Test("become what is expected where the columns say less")
  func expected() throws {
    let schema = try ColumnSchema([
      ColumnField("At", .timestamp), ColumnField("time", .time),
      ColumnField("sum", .decimal(precision: 38, scale: 2)),
      ColumnField("n", .int64),
    ])
    let columns = try columns(
      [("at", "bigint"), ("time", "bigint"), ("sum", "decimal"), ("n", "integer")], expected: schema)
    #expect(
      try read("\"at\",\"time\",\"sum\",\"n\"\n\"1\",\"2\",\"3.5\",\"4\"\n", columns) == [
        [
          .timestamp(.init(microsecondsSince1970: 1)), .time(.init(microsecondsSinceMidnight: 2)),
          .decimal(Decimal128(unscaled: 350, scale: 2)), .int(4),
        ]
      ])
  }

  @Test(
    "that are none say where, and never what",
    arguments: [
      ("\"a\",\"b\"\n\"1\",\"secret\"\n\"2\"", 3, nil), ("\"a\",\"b\"\n\"1\",\"secret\n\n", 2, nil),
      ("\"a\",\"b\"\n\"1\",\"x\"\n\"2\"\n", 3, nil), ("\"a\",\"b\"\n\"1\",\"x\",\"y\"\n", 2, nil),
      ("\"a\",\"b\"\n\"1\",\"x\n\"\n\"secret\",\"x\"\n", 4, "a"), ("\"a\",\"b\"\n\"1\"x,\"y\"\n", 2, nil),
      ("\"a\",\"b\"\nse\"cret,\"y\"\n", 2, nil), ("\"a\",\"c\"\n", 1, "b"), ("", 1, nil),
      ("\"a\",\"b\"", 1, nil),
      ("\"a\",\"b\"\n\"99999999999999999999\",\n", 2, "a"),
    ] as [(String, Int, String?)])
  func broken(_ text: String, _ line: Int, _ column: String?) throws {
    let error = failure(text, try columns([("a", "integer"), ("b", "varchar")]))
    #expect(error?.code == .invalidData)
    #expect(error?.message.contains("line \(line) ") == true, "\(error?.message ?? "")")
    #expect(error?.context.column == column)
    #expect(error?.debugDescription.contains("secret") == false)
  }

  @Test("of which any number of bytes is missing at the end are an error, unless whole lines are there")
  func truncated() throws {
    let columns = try columns([("a", "integer"), ("b", "varchar")])
    let file = Array("\"a\",\"b\"\n\"1\",\"x\"\"\ny\"\n,\"\"\n".utf8)
    let whole = [8, 19, file.count].map { $0 }
    for count in 0..<file.count where !whole.contains(count) && file[max(0, count - 1)] != UInt8(ascii: "\n")
    {
      #expect(throws: TokyoDataError.self, "\(count)") { _ = try read(Array(file[..<count]), columns) }
    }
  }

  @Test("are text in UTF-8")
  func utf8() throws {
    let bytes = Array("\"a\"\n\"x\"\n\"".utf8) + [0xC3] + Array("\"\n".utf8)
    let columns = try columns([("a", "varchar")])
    let error = #expect(throws: TokyoDataError.self) { _ = try read(bytes, columns) }
    #expect(error?.code == .invalidData)
  }

  @Test("have no nulls where none may be")
  func notNullable() throws {
    let schema = try ColumnSchema([ColumnField("a", .int64, isNullable: false)])
    let error = failure("\"a\"\n\"1\"\n\n", try columns([("a", "bigint")], expected: schema))
    #expect(error?.code == .invalidData)
    #expect(error?.context.column == "a")
    #expect(error?.message.contains("line 3 ") == true)
  }

  @Test("larger than a batch come in several, and no row is lost at their edges")
  func batches() throws {
    let columns = try columns([("n", "bigint"), ("t", "varchar")])
    let rows = 150_000
    var file = "\"n\",\"t\"\n"
    for row in 0..<rows { file += row % 7 == 0 ? "\"\(row)\",\n" : "\"\(row)\",\"text \(row)\"\n" }
    let bytes = Array(file.utf8)
    var reader = CSVReader(columns)
    var batches: [ColumnBatch] = []
    for start in stride(from: 0, to: bytes.count, by: 99_991) {
      batches += try reader.add(Array(bytes[start..<min(bytes.count, start + 99_991)]))
    }
    batches += try reader.finish()
    #expect(batches.count == 3)
    var next = 0
    for batch in batches {
      #expect(batch.rowCount <= CSVReader.batchRows)
      for row in 0..<batch.rowCount {
        #expect(batch.row(row) == [.int(Int64(next)), next % 7 == 0 ? .null : .string("text \(next)")])
        next += 1
      }
    }
    #expect(next == rows)
  }

  @Test("with a record that never ends are refused before memory is full")
  func endless() throws {
    var reader = CSVReader(try columns([("a", "varchar")]))
    let piece = Array(repeating: UInt8(ascii: "x"), count: 8 << 20)
    _ = try reader.add(Array("\"a\"\n\"".utf8))
    let error = #expect(throws: TokyoDataError.self) {
      for _ in 0..<40 { _ = try reader.add(piece) }
    }
    #expect(error?.code == .invalidData)
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A statement")
struct PostgresStatementTests {
  @Test("binds every value in order and shows none of them")
  func binds() throws {
    let (id, name) = (Int64(7), "O'Hara; DROP TABLE users")
    let statement: PostgresStatement = "SELECT * FROM t WHERE id = \(id) AND name = \(name) OR id = \(id)"
    let (sql, parameters) = try statement.rendered()
    #expect(sql == "SELECT * FROM t WHERE id = $1 AND name = $2 OR id = $3")
    #expect(parameters.map(\.type) == [.int8, .inferred, .int8])
    #expect(parameters[0].bytes == [0, 0, 0, 0, 0, 0, 0, 7])
    #expect(parameters[1].bytes == Array(name.utf8))
  }

  @Test("numbers the binds of nested statements through")
  func nesting() throws {
    let filter: PostgresStatement = "a = \(1) AND b = \(true)"
    let outer: PostgresStatement = "SELECT \(2.5) WHERE \(filter) LIMIT \(3)"
    let (sql, parameters) = try outer.rendered()
    #expect(sql == "SELECT $1 WHERE a = $2 AND b = $3 LIMIT $4")
    #expect(parameters.map(\.type) == [.float8, .int8, .bool, .int8])
  }

  @Test(
    "quotes identifiers whatever they contain",
    arguments: [
      ("plain", "\"plain\""), ("we\"ird", "\"we\"\"ird\""), ("", "\"\""),
      ("x\"\u{301}y", "\"x\"\"\u{301}y\""),
    ])
  func identifiers(name: String, quoted: String) throws {
    let statement: PostgresStatement = "\(identifier: name)"
    #expect(try Array(statement.rendered().sql.unicodeScalars) == Array(quoted.unicodeScalars))
    let both: PostgresStatement = "\(identifier: "s", name)"
    #expect(try Array(both.rendered().sql.unicodeScalars) == Array("\"s\".\(quoted)".unicodeScalars))
  }

  @Test("refuses NUL in its text and in texts")
  func nul() {
    let inText: PostgresStatement = "SELECT \(unescaped: "1\0")"
    #expect(throws: PostgresError.self) { try inText.rendered() }
    let inName: PostgresStatement = "SELECT \(identifier: "a\0b")"
    #expect(throws: PostgresError.self) { try inName.rendered() }
    let inValue: PostgresStatement = "SELECT \("a\0b")"
    #expect(throws: PostgresError.self) { try inValue.rendered() }
    #expect(throws: PostgresError.self) { try inValue.inlined() }
  }

  @Test("sends nil as NULL of the value's type")
  func nulls() throws {
    let (number, text, value): (Int32?, String?, ColumnValue) = (nil, nil, .null)
    let (_, parameters) = try ("\(number)\(text)\(value)" as PostgresStatement).rendered()
    #expect(parameters.map(\.bytes) == [nil, nil, nil])
    #expect(parameters.map(\.type) == [.int4, .inferred, .inferred])
  }

  @Test("refuses dates that PostgreSQL cannot hold")
  func calendarEdges() {
    let infinite: PostgresStatement = "SELECT \(Day(daysSince1970: .max))"
    #expect(throws: PostgresError.self) { try infinite.rendered() }
    let far: PostgresStatement = "SELECT \(Timestamp(microsecondsSince1970: .min))"
    #expect(throws: PostgresError.self) { try far.rendered() }
  }

  @Test("writes values out as quoted, typed literals where there are no parameters")
  func literals() throws {
    let none: Bool? = nil
    let statement: PostgresStatement = "\("it's \\ ") \(5) \([UInt8]([1, 255])) \(["a'b"]) \(none)"
    #expect(
      try statement.inlined() == #"'it''s \ ' '5'::int8 '\x01ff'::bytea ARRAY['a''b']::text[] NULL"#)
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("SQL statements")
struct SQLStatementTests {
  func render(
    _ statement: SQLStatement, as form: SQLStatement.Form = .query
  ) throws(TokyoDataError) -> AthenaStatement {
    try statement.rendered(as: form) { (source) throws(TokyoDataError) in "(SELECT * FROM \(source.dataset))"
    }
  }

  @Test("values are question marks, with literals beside them")
  func values() throws {
    let (name, amount, none) = ("O'Hara", Decimal128(5), nil as Int64?)
    let statement = try render("SELECT 1 WHERE a = \(name) AND b > \(amount) AND c = \(none) AND d = \("?")")
    #expect(statement.sql == "SELECT 1 WHERE a = ? AND b > ? AND c = ? AND d = ?")
    #expect(statement.parameters == ["'O''Hara'", "DECIMAL '5'", "NULL", "'?'"])
  }

  @Test("a dataset is a subselect, and is known beforehand with its days")
  func datasets() throws {
    let name = try DatasetName("orders")
    let day = Day(daysSince1970: 20_000)
    let statement: SQLStatement =
      "SELECT * FROM \(dataset: name, days: day...day) AS o JOIN \(dataset: name) AS p ON o.id = p.id"
    #expect(statement.sources.map(\.timeRange) == [TimeRange(day...day), .unbounded])
    #expect(statement.sources.map(\.dataset) == [name, name])
    #expect(
      try render(statement).sql
        == "SELECT * FROM (SELECT * FROM orders) AS o JOIN (SELECT * FROM orders) AS p ON o.id = p.id")
  }

  @Test("statements, names and text join")
  func joining() throws {
    let condition: SQLStatement = "a = \(1)"
    let all = SQLStatement.joining([condition, "\(identifier: "s", "b\"") = \(2)"], separator: " OR ")
    let statement = try render("SELECT 1 WHERE \(all)\(unescaped: " LIMIT 1")")
    #expect(statement.sql == "SELECT 1 WHERE a = ? OR \"s\".\"b\"\"\" = ? LIMIT 1")
    #expect(statement.parameters == ["1", "2"])
  }

  @Test(
    "a question mark in quotes or a comment is text",
    arguments: [
      "SELECT '?'", "SELECT 'it''s ?'", "SELECT \"a?\"\"?\"", "SELECT 1 -- ?\n", "SELECT /* ? ' */ 1",
      "SELECT 1 /*/ ? */", "SELECT U&'\\0041?'", "SELECT 1 - - 1", "SELECT 2 / 1 * 3", "SELECT `a?`",
      "SELECT '--', '?', '/*', '?'",
    ])
  func marksInText(text: String) throws {
    #expect(try render(SQLStatement(unescaped: text)).parameters.isEmpty)
  }

  @Test(
    "a question mark in the text itself is refused",
    arguments: [
      "SELECT ?", "SELECT '' ?", "SELECT 1 -- \n?", "SELECT /* */ ?", "SELECT 1 --\r?", "SELECT '\\' ?",
      "SELECT a -\n- ?", "SELECT 1 /* * / */ + ?",
    ])
  func rawMarks(text: String) {
    let error = #expect(throws: TokyoDataError.self) { try render(SQLStatement(unescaped: text)) }
    #expect(error?.code == .invalidArgument)
    #expect(error.map { String(reflecting: $0).contains("SELECT") } == false, "the text stays out of errors")
  }

  @Test("a value or a dataset within quotes or a comment is refused")
  func insideText() throws {
    let name = try DatasetName("orders")
    for statement: SQLStatement in [
      "SELECT '\(1)'", "SELECT \"\(1)\"", "SELECT 1 -- \(1)", "SELECT /* \(1) */ 1",
      "SELECT '\(dataset: name)'",
      "SELECT 1 --\(unescaped: " ") \(1)", "SELECT 1 -\(unescaped: "-") \(1)",
    ] { #expect(throws: TokyoDataError.self) { try render(statement) } }
  }

  @Test(
    "quotes and comments end, and there is no NUL",
    arguments: ["SELECT 'a", "SELECT 'a''", "SELECT \"a", "SELECT /* a", "SELECT '\0'", "SELECT /*/"])
  func endings(text: String) {
    #expect(throws: TokyoDataError.self) { try render(SQLStatement(unescaped: text)) }
  }

  @Test(
    "what is put behind the text is still code",
    arguments: [
      ("SELECT 1;\n", "SELECT 1"), ("SELECT 1 ; ;", "SELECT 1"), ("SELECT 1 -- a", "SELECT 1 -- a\n"),
      ("SELECT ';'", "SELECT ';'"),
    ])
  func codeAtEnd(text: String, sql: String) throws {
    #expect(try render(SQLStatement(unescaped: text)).sql == sql)
  }

  @Test("a value too long for a parameter stands in the text, but never in a prepared one")
  func longValues() throws {
    let (fits, long) = (String(repeating: "é", count: 1_022), String(repeating: "?", count: 1_023))
    let statement = try render("SELECT \(fits), \(long), \(1)")
    #expect(statement.sql == "SELECT ?, '\(long)', ?")
    #expect(statement.parameters == ["'\(fits)'", "1"])
    #expect(throws: TokyoDataError.self) { try render("SELECT \(long)", as: .prepared) }
    #expect(try render("SELECT \(fits)", as: .prepared).sql == "SELECT ?")
  }

  @Test("a text longer than Athena takes is refused")
  func longText() {
    let text = "SELECT '\(String(repeating: "a", count: 262_144))'"
    #expect(throws: TokyoDataError.self) { try render(SQLStatement(unescaped: text)) }
  }

  @Test("a prepared statement is executed with values")
  func executing() throws {
    let statement = try AthenaStatement.executing("by_day_2", with: ["it's", 1, .null])
    #expect(statement == AthenaStatement(sql: "EXECUTE by_day_2 USING 'it''s', 1, NULL"))
    #expect(try AthenaStatement.executing("all_of_it", with: []).sql == "EXECUTE all_of_it")
    for name in ["", "2a", "a b", "a;", "a\"", "é", String(repeating: "a", count: 257)] {
      #expect(throws: TokyoDataError.self) { try AthenaStatement.executing(name, with: []) }
    }
  }

  @Test("a statement over a dataset reads exactly the pinned versions, in the laboratory")
  func laboratory() async throws {
    let bench = try await SQLBench()
    let dataset = try GlueScenario.dataset()
    func rows(_ ids: [Int64], _ day: Day) throws -> ColumnBatch {
      var builder = ColumnBatchBuilder(dataset.schema, capacity: ids.count)
      for id in ids {
        let at = day.start.adding(microseconds: 86_399_999_999)
        try builder.append(row: [.int(id), .timestamp(at), .decimal(Decimal128(id))])
      }
      return try builder.finish()
    }
    let (first, second) = (GlueScenario.day, GlueScenario.day.next)
    let old = try await bench.write(rows([1, 2, 3], first), as: first, of: dataset)
    _ = try await bench.write(rows([1, 2, 9], first), as: first, of: dataset)
    let other = try await bench.write(rows([4, 5], second), as: second, of: dataset)
    let keys = try rows([2], first).selecting(["id"])
    let versions = [PinnedVersion(old, excludedKeys: keys), PinnedVersion(other)]
    let source = AthenaDatasetSQL(dataset: dataset, table: bench.table(of: dataset))
    func ids(_ statement: SQLStatement, _ form: SQLStatement.Form = .query) async throws -> AthenaStatement {
      try statement.rendered(as: form) { (asked) throws(TokyoDataError) in
        try source.subselect(from: versions, in: asked.timeRange)
      }
    }
    let name = dataset.name
    let all: SQLStatement = """
      SELECT id, amount, at__us % 1000 FROM \(dataset: name) AS o -- of both days
      WHERE amount < \(Decimal128(5)) ORDER BY id;
      """
    #expect(
      try await bench.rows(ids(all)).rows
        == [["1", "1.00", "999"], ["3", "3.00", "999"], ["4", "4.00", "999"]])
    let one: SQLStatement = "SELECT id FROM \(dataset: name, days: second...second) WHERE id <> \(4)"
    #expect(try await bench.rows(ids(one)).rows == [["5"]])
    let none: SQLStatement = "SELECT count(*) FROM \(dataset: name, days: second.next...second.next)"
    #expect(try await bench.rows(ids(none)).rows == [["0"]])
    let prepared = try await ids("SELECT id FROM \(dataset: name) WHERE id < \(0) ORDER BY id", .prepared)
    try await bench.athena.createPreparedStatement("below", in: bench.workGroup, prepared.sql)
    #expect(try await bench.rows(.executing("below", with: [4])).rows == [["1"], ["3"]])
  }
}

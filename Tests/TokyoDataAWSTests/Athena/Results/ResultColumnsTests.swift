import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("The columns of a result")
struct ResultColumnsTests {
  let told = [
    AthenaColumn(name: "a", type: "bigint"),
    AthenaColumn(name: "b", type: "decimal", precision: 12, scale: 2),
  ]

  @Test("are what Athena says where nobody expects anything else")
  func derived() throws {
    let schema = try ResultColumns(told, expected: nil).schema
    #expect(
      schema
        == (try ColumnSchema([ColumnField("a", .int64), ColumnField("b", .decimal(precision: 12, scale: 2))]))
    )
  }

  @Test(
    "that are not the expected ones are an error that names the column",
    arguments: [
      ([ColumnField("a", .int64)], TokyoDataError.Code.invalidData, nil),
      ([ColumnField("a", .int64), ColumnField("c", .decimal(precision: 12, scale: 2))], .invalidData, "c"),
      ([ColumnField("a", .string), ColumnField("b", .decimal(precision: 12, scale: 2))], .typeMismatch, "a"),
      ([ColumnField("a", .int64), ColumnField("b", .double)], .typeMismatch, "b"),
    ] as [([ColumnField], TokyoDataError.Code, String?)])
  func others(_ fields: [ColumnField], _ code: TokyoDataError.Code, _ column: String?) throws {
    let schema = try ColumnSchema(fields)
    let error = #expect(throws: TokyoDataError.self) { try ResultColumns(told, expected: schema) }
    #expect(error?.code == code)
    #expect(error?.context.column == column)
  }

  @Test("that are nested do not come as text", arguments: ["array", "map", "row"])
  func nested(_ type: String) {
    let error = #expect(throws: TokyoDataError.self) {
      try ResultColumns([AthenaColumn(name: "x", type: type)], expected: nil)
    }
    #expect(error?.code == .unsupported)
    #expect(error?.context.column == "x")
  }

  @Test("with one name twice are an error")
  func twice() {
    #expect(throws: TokyoDataError.self) {
      try ResultColumns(
        [AthenaColumn(name: "x", type: "date"), AthenaColumn(name: "x", type: "date")], expected: nil)
    }
  }
}

@Suite("Statements that write their rows")
struct UnloadStatementTests {
  let place = S3Location(bucket: "results", key: "it's/tokyo-unload/t1/")

  @Test(
    "hold the statement between lines of their own",
    arguments: ["SELECT 1", "SELECT 1 ; \n", "SELECT ') TO ''s3://x' -- comment"])
  func wraps(_ sql: String) throws {
    let statement = UnloadStatement.wrapping(AthenaStatement(sql: sql, parameters: ["1"]), to: place)
    #expect(statement.parameters == ["1"])
    #expect(
      statement.sql.hasSuffix(
        "\n) TO 's3://results/it''s/tokyo-unload/t1/' WITH (format = 'PARQUET', compression = 'SNAPPY')"))
    let parsed = try #require(UnloadStatement.parse(statement.sql))
    #expect(parsed.location == place)
    #expect(sql.hasPrefix(parsed.statement))
  }

  @Test(
    "of others are not ours",
    arguments: ["SELECT 1", "UNLOAD (SELECT 1) TO 's3://x/y/' WITH (format = 'PARQUET')"])
  func others(_ sql: String) { #expect(UnloadStatement.parse(sql) == nil) }

  @Test(
    "are made of what selects",
    arguments: [
      ("SELECT 1", true), ("  -- a\n /* b */ with t AS (SELECT 1) SELECT * FROM t", true),
      ("(SELECT 1)", true),
      ("VALUES 1", true), ("SHOW TABLES", false), ("INSERT INTO t VALUES 1", false), ("EXECUTE x", false),
      ("", false),
      ("/* open", false),
    ])
  func selects(_ sql: String, _ can: Bool) { #expect(UnloadStatement.canWrap(sql) == can) }

  @Test("may ask for an order", arguments: [("SELECT a ORDER\n BY 1", true), ("SELECT border_by", false)])
  func orders(_ sql: String, _ may: Bool) { #expect(UnloadStatement.mayOrder(sql) == may) }
}

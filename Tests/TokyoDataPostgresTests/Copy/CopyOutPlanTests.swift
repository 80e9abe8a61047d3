import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("The plan of a COPY out")
struct CopyOutPlanTests {
  private static let mood = PostgresType(oid: 20_000)

  private static func plan(
    _ statement: String, _ columns: [(String, PostgresType)], as expected: ColumnSchema? = nil
  ) throws -> CopyOutPlan {
    try CopyOutPlan(
      statement,
      returning: columns.map { ServerResult.Column(name: $0.0, type: $0.1, modifier: -1) }, as: expected,
      infinities: .refuse)
  }

  @Test("names the type of every column, and text where there is no binary form")
  func types() throws {
    let plan = try Self.plan(
      "SELECT * FROM t -- all", [("id", .int8), ("mood", Self.mood), ("at", .timestamptz)])
    #expect(
      plan.command == """
        COPY (SELECT tokyo_0::int8, tokyo_1::text, tokyo_2::timestamptz FROM (SELECT * FROM t -- all
        ) AS tokyo_rows(tokyo_0, tokyo_1, tokyo_2)) TO STDOUT (FORMAT binary)
        """)
    #expect(plan.schema.fields.map(\.type) == [.int64, .string, .timestamp])
    #expect(plan.decoders.count == 3)
  }

  @Test(
    "puts a statement that changes rows where it may stand", arguments: ["DELETE", "\n update", "insert"])
  func changes(word: String) throws {
    let command = try Self.plan("\(word) x RETURNING id", [("id", .int4)]).command
    #expect(command.hasPrefix("COPY (WITH tokyo_rows(tokyo_0) AS (\(word) x RETURNING id\n)"))
  }

  @Test("takes arrays of the user's types as texts where lists of strings are expected")
  func arrays() throws {
    let expected = try ColumnSchema([ColumnField("moods", .list(of: .string))])
    let plan = try Self.plan("SELECT moods FROM t", [("moods", Self.mood)], as: expected)
    #expect(plan.command.contains("tokyo_0::text[]"))
  }

  @Test("is refused, naming the column, for a type that goes into no such column")
  func refused() throws {
    let expected = try ColumnSchema([ColumnField("n", .int32)])
    for type in [PostgresType.timestamptz, Self.mood] {
      let error = #expect(throws: PostgresError.self) {
        try Self.plan("SELECT n FROM t", [("n", type)], as: expected)
      }
      #expect(error?.code == .unsupportedType)
      #expect(error?.column == "n")
    }
    let empty = #expect(throws: PostgresError.self) { try Self.plan("DELETE FROM t", []) }
    #expect(empty?.code == .invalidStatement)
  }
}

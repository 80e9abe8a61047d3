import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Results in pages")
struct PageReaderTests {
  static let columns =
    #""ResultSetMetadata": {"ColumnInfo": [{"Name": "a", "Type": "integer"}, "#
    + #"{"Name": "b", "Type": "varchar"}]}"#

  func page(_ rows: String, next: String? = nil) -> String {
    #"{"ResultSet": {"Rows": [\#(rows)], \#(Self.columns)}\#(next.map { #", "NextToken": "\#($0)""# } ?? "")}"#
  }

  static let header = #"{"Data": [{"VarCharValue": "a"}, {"VarCharValue": "b"}]}"#

  func read(_ answer: @escaping @Sendable (ServiceStandIn.Call) -> String, expected: ColumnSchema? = nil)
    async throws
    -> [[ColumnValue]]
  {
    let client = ServiceStandIn { .init(answer($0)) }.client
    let reader = PageReader(
      athena: AthenaClient(client: client), calls: PatientCalls(clock: WaitingClock(client.time)),
      query: AthenaQuery(queryExecutionId: "q", statementType: "DML", status: .init(state: .succeeded)))
    let first = try await reader.first()
    var rows: [[ColumnValue]] = []
    try await reader.read(first, ResultColumns(first.columns, expected: expected)) { batch in
      rows += (0..<batch.rowCount).map { batch.row($0) }
    }
    return rows
  }

  @Test("are read to the last one; an absent value is NULL, an empty one is not")
  func all() async throws {
    let first = page(Self.header + #", {"Data": [{"VarCharValue": "1"}, {"VarCharValue": ""}]}"#, next: "n")
    let second = page(#"{"Data": [{}, {}]}, {"Data": [{"VarCharValue": "-2"}, {"VarCharValue": "NULL"}]}"#)
    let rows = try await read { $0.text.contains("NextToken") ? second : first }
    #expect(rows == [[.int(1), .string("")], [.null, .null], [.int(-2), .string("NULL")]])
  }

  @Test(
    "that are none say in which row, and never what",
    arguments: [
      (#"{"Data": [{"VarCharValue": "1"}]}"#, 1, nil),
      (#"{"Data": [{"VarCharValue": "1"}, {}]}, {"Data": [{"VarCharValue": "secret"}, {}]}"#, 2, "a"),
      (#"{}"#, 1, nil), (#"{"Data": [{"VarCharValue": "1"}, {}, {}]}"#, 1, nil),
    ] as [(String, Int, String?)])
  func broken(_ rows: String, _ row: Int, _ column: String?) async throws {
    let text = page(Self.header + ", " + rows)
    let error = await #expect(throws: TokyoDataError.self) { _ = try await read { _ in text } }
    #expect(error?.code == .invalidData)
    #expect(error?.message.contains("row \(row) ") == true)
    #expect(error?.context.column == column)
    #expect(error?.debugDescription.contains("secret") == false)
  }

  @Test("begin with the names of their columns")
  func header() async throws {
    for rows in ["", #"{"Data": [{"VarCharValue": "a"}, {"VarCharValue": "c"}]}"#] {
      let text = page(rows)
      let error = await #expect(throws: TokyoDataError.self) { _ = try await read { _ in text } }
      #expect(error?.code == .invalidData)
    }
  }

  @Test("come to an end")
  func endless() async throws {
    let text = page(Self.header, next: "again")
    let more = page(#"{"Data": [{}, {}]}"#, next: "again")
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await read { $0.text.contains("NextToken") ? more : text }
    }
    #expect(error?.code == .invalidData)
  }

  @Test("have no nulls where none may be")
  func notNullable() async throws {
    let schema = try ColumnSchema([ColumnField("a", .int32, isNullable: false), ColumnField("b", .string)])
    let text = page(Self.header + #", {"Data": [{}, {}]}"#)
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await read({ _ in text }, expected: schema)
    }
    #expect(error?.context.column == "a")
  }
}

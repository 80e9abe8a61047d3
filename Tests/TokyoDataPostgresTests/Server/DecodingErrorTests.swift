import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("A decoding error")
struct DecodingErrorTests {
  private struct Row: Decodable {
    var id: Int64
    var at: Int
  }

  private struct Listed: Decodable { var tags: [Day] }

  /// Reads its columns itself.
  private struct Read: DatasetRow {
    var at: Day

    static let columns: [Column<Read>] = [Column("at", \.at)]

    init(reading row: RowReader) throws { at = try row.value("at") }
  }

  private static let select: PostgresStatement =
    "SELECT 1::int8 AS id, '2024-02-29 12:00Z'::timestamptz AS at"
  private static let place = "at index 1 (timestamptz in the database) in row 0"

  @Test("names column, index, the database's type and the Swift type, however rows are read")
  func waysToRead() async throws {
    try await TestServer.withConnection { connection in
      let batch = try await connection.query(Self.select)
      for (type, decode) in [
        ("Int", { _ = try batch.decode(Row.self) }), ("Int", { _ = try batch.decode((Int64, Int).self) }),
        ("Day", { _ = try batch.decode(Read.self) }),
      ] as [(String, () throws -> Void)] {
        let error = #expect(throws: TokyoDataError.self) { try decode() }
        #expect(
          error?.description
            == "typeMismatch: a value of type timestamp \(Self.place) is no \(type) (column at)")
      }
      let nulls = try await connection.query("SELECT '1 day'::interval AS i, NULL::numeric(5,2)[] AS n")
      let error = #expect(throws: TokyoDataError.self) { try nulls.decode((String, [Decimal128]).self) }
      #expect(error?.description.contains("at index 1 (numeric[] in the database) in row 0") == true)
    }
  }

  @Test("names them for parts of nested values too")
  func nested() async throws {
    try await TestServer.withConnection { connection in
      let batch = try await connection.query("SELECT '{a}'::text[] AS tags")
      let error = #expect(throws: TokyoDataError.self) { try batch.decode(Listed.self) }
      #expect(error?.description.contains("at index 0 (text[] in the database) in row 0 is no") == true)
    }
  }

  @Test("names them in streams, copies, columns that were chosen, and under other names")
  func waysToAsk() async throws {
    try await TestServer.withConnection { connection in
      let schema = try ColumnSchema([ColumnField("number", .int64), ColumnField("moment", .timestamp)])
      var batches: [ColumnBatch] = [try await connection.query(Self.select, as: schema)]
      try await connection.withStream(Self.select, as: schema) {
        for try await batch in $0 { batches.append(batch) }
      }
      try await connection.withCopyOut(Self.select, as: schema, from: [.int8, .timestamptz]) {
        for try await batch in $0 { batches.append(batch) }
      }
      try await connection.withTransaction { batches.append(try await $0.query(Self.select, as: schema)) }
      #expect(batches.count == 4)
      for batch in batches {
        #expect(batch.schema == schema)
        let error = #expect(throws: TokyoDataError.self) { try batch.decode((Int64, Int).self) }
        #expect(error?.description.contains("\(Self.place) is no Int (column moment)") == true)
        let one = try batch.selecting(["moment"])
        let chosen = #expect(throws: TokyoDataError.self) { try one.decode(Int.self) }
        #expect(chosen?.description.contains("at index 0 (timestamptz in the database)") == true)
      }
    }
  }

  @Test("of a value that its column cannot hold names column, index and both types")
  func values() async throws {
    try await TestServer.withConnection { connection in
      let error = await #expect(throws: PostgresError.self) {
        try await connection.query("SELECT 1 AS a, 'infinity'::date AS d")
      }
      #expect(error?.column == "d")
      #expect(error?.message.hasSuffix("(date at index 1, for a date column)") == true)
    }
  }

  @Test("tells types by the server's own names")
  func typeNames() async throws {
    try await TestServer.withConnection { connection in
      let rows = try await connection.query(
        """
        SELECT t.oid::int8, coalesce(e.typname || '[]', t.typname)::text FROM pg_type t
        LEFT JOIN pg_type e ON e.typarray = t.oid WHERE t.oid < 10000
        """)
      var unknown: [String] = []
      for (oid, name) in try rows.decode((Int64, String).self) {
        let type = PostgresType(oid: try #require(UInt32(exactly: oid)))
        if type.description == "type \(oid)" {
          unknown.append(name)
        } else {
          #expect(type.description.filter { $0 != "\"" } == name)
        }
      }
      #expect(!unknown.contains { ["int8", "timestamptz", "interval", "text[]", "money"].contains($0) })
    }
  }
}

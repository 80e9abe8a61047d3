import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A query")
struct QueryTests {
  @Test("brings every type home, by binary and by text")
  func types() async throws {
    let select: PostgresStatement = """
      SELECT true AS b, (-32768)::int2 AS i2, 2147483647::int4 AS i4, (-9223372036854775808)::int8 AS i8,
        4294967295::oid AS o, 1.5::float4 AS f4, 'NaN'::float8 AS f8, (-12345.67)::numeric(12,2) AS n,
        'Zürich 🗼'::text AS t, 'abc'::char(5) AS c, 'n'::name AS nm, '\\x00ff'::bytea AS by,
        '2024-02-29'::date AS d, '2024-02-29 12:34:56.789012+09'::timestamptz AS ts,
        '0001-01-01 00:00:00'::timestamp AS lt, '00112233-4455-6677-8899-aabbccddeeff'::uuid AS u,
        '{"a": 1}'::json AS j, '{"a": 1}'::jsonb AS jb, NULL::int4 AS nul
      """
    try await TestServer.withConnection { connection in
      let batch = try await connection.query(select)
      #expect(
        batch.schema.fields.map(\.type) == [
          .bool, .int16, .int32, .int64, .int64, .float, .double, .decimal(precision: 12, scale: 2), .string,
          .string, .string, .bytes, .date, .timestamp, .localTimestamp, .string, .string, .string, .int32,
        ])
      let row = batch.row(0)
      #expect(row[1...4] == [-32_768, 2_147_483_647, .int(.min), 4_294_967_295])
      #expect(row[5] == .float(1.5))
      #expect(row[7] == .decimal(try #require(Decimal128("-12345.67"))))
      #expect(row[8...10] == ["Zürich 🗼", "abc  ", "n"])
      #expect(row[11] == .bytes([0, 255]))
      #expect(row[12] == .date(try #require(Day("2024-02-29"))))
      #expect(row[13] == .timestamp(try #require(Timestamp("2024-02-29T03:34:56.789012Z"))))
      #expect(row[14] == .localTimestamp(try #require(LocalTimestamp("0001-01-01T00:00:00"))))
      #expect(row[15...18] == ["00112233-4455-6677-8899-aabbccddeeff", #"{"a": 1}"#, #"{"a": 1}"#, .null])

      // An interval has no binary form here, so all of this runs as text; the values stay the same.
      let text = try await connection.query("SELECT x.*, '1 day'::interval AS iv FROM (\(select)) x")
      #expect(text.columns.dropLast() == batch.columns[...])
      #expect(text.row(0).last == "P1D")
    }
  }

  @Test("gets every bind back as it was")
  func binds() async throws {
    try await TestServer.withConnection { connection in
      let none: Int64? = nil
      let big = try #require(Decimal128("-99999999999999999999999999999999999.999"))
      let values: [(PostgresStatement, ColumnValue, ColumnType)] = [
        ("\(true)", .bool(true), .bool), ("\(Int16(-5))", -5, .int16),
        ("\(Int32.min)", .int(Int64(Int32.min)), .int32),
        ("\(Int64.max)", .int(.max), .int64), ("\(Float(0.1))", .float(0.1), .float),
        ("\(-0.0)", .double(-0.0), .double), ("\(big)", .decimal(big), .decimal(precision: 38, scale: 3)),
        ("\("a'b\\c\n🗼")::text", "a'b\\c\n🗼", .string),
        ("\(Array(UInt8.min...UInt8.max))", .bytes(Array(0...255)), .bytes),
        ("\(Day(daysSince1970: -719_162))", .date(Day(daysSince1970: -719_162)), .date),
        (
          "\(Timestamp(microsecondsSince1970: -1))", .timestamp(Timestamp(microsecondsSince1970: -1)),
          .timestamp
        ),
        (
          "\(LocalTimestamp(microsecondsSince1970: 1))",
          .localTimestamp(LocalTimestamp(microsecondsSince1970: 1)),
          .localTimestamp
        ),
        ("array_to_string(\(["x,y", "", "z\""]), '|')", "x,y||z\"", .string),
        ("array_to_string(\([3, -4]), '|')", "3|-4", .string), ("cardinality(\([Int]()))", 0, .int32),
        ("\(none)::int8", .null, .int64),
        ("\(ColumnValue.string("2024-01-01"))::date::text", "2024-01-01", .string),
      ]
      for (expression, value, type) in values {
        let schema = try ColumnSchema([ColumnField("v", type)])
        #expect(try await connection.query("SELECT \(expression) AS v", as: schema).row(0) == [value])
        // The same value as a literal, which is how COPY gets it.
        let copied = try await connection.withStream(
          PostgresStatement(unescaped: try ("SELECT \(expression) AS v" as PostgresStatement).inlined()),
          as: schema
        ) { batches in
          var rows: [[ColumnValue]] = []
          for try await batch in batches { rows.append(batch.row(0)) }
          return rows
        }
        #expect(copied == [[value]])
      }
    }
  }

  @Test("for a numeric without precision needs to be told its type")
  func unconstrainedNumeric() async throws {
    try await TestServer.withConnection { connection in
      let error = await #expect(throws: PostgresError.self) {
        _ = try await connection.query("SELECT 1.25::numeric AS amount")
      }
      #expect(error?.code == .unsupportedType)
      #expect(error?.column == "amount")
      let schema = try ColumnSchema([ColumnField("amount", .decimal(precision: 10, scale: 3))])
      let batch = try await connection.query("SELECT 1.25::numeric AS amount", as: schema)
      #expect(batch.row(0) == [.decimal(try #require(Decimal128("1.250")))])
      let text = try ColumnSchema([ColumnField("amount", .string)])
      #expect(try await connection.query("SELECT 'NaN'::numeric", as: text).row(0) == ["NaN"])
      #expect(
        await code { _ = try await connection.query("SELECT 'NaN'::numeric", as: schema) }
          == .valueNotRepresentable)
      #expect(try await connection.query("SELECT 1").rowCount == 1)
    }
  }

  @Test("runs an enum and other types of the user as text")
  func userTypes() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute(script: "CREATE TYPE pg_temp.mood AS ENUM ('sad', 'ok')")
      let batch = try await connection.query(
        "SELECT 'ok'::pg_temp.mood AS m, 1::int8 AS n, ARRAY[1,2] AS a, '10.0.0.1'::inet AS i")
      #expect(batch.row(0) == ["ok", 1, .list([1, 2]), "10.0.0.1"])
    }
  }

  @Test("that the server refuses says why by its state, and the connection goes on")
  func refusals() async throws {
    try await TestServer.withConnection { connection in
      for (sql, state) in [
        ("SELECT 1/0", "22012"), ("SELECT * FROM missing_table", "42P01"), ("SELEC", "42601"),
      ] {
        let error = await #expect(throws: PostgresError.self) {
          _ = try await connection.query(PostgresStatement(unescaped: sql))
        }
        #expect(PostgresServerError(in: try #require(error))?.sqlState.rawValue == state)
        #expect(error?.description.contains("missing_table") == false)
      }
      do {
        try await connection.execute("SELECT 1/0")
        Issue.record("division by zero succeeds")
      } catch SQLState.Class.dataException {
      }
      #expect(try await connection.query("SELECT 1").row(0) == [1])
    }
  }

  @Test("counts the rows that a command changes")
  func affected() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute(script: "CREATE TEMP TABLE t (id int8); CREATE INDEX ON t (id)")
      #expect(try await connection.execute("INSERT INTO t SELECT generate_series(1, \(10))") == 10)
      #expect(try await connection.execute("DELETE FROM t WHERE id > \(7)") == 3)
      let returned = try await connection.query("DELETE FROM t WHERE id < \(3) RETURNING id")
      #expect(returned.rowCount == 2)
      #expect(try await connection.query("UPDATE t SET id = id").rowCount == 0)
      #expect(try await connection.query("SELECT FROM t").rowCount == 5)
    }
  }

  @Test("of many tasks runs one after the other on one connection")
  func concurrent() async throws {
    try await TestServer.withConnection { connection in
      try await withThrowingTaskGroup { group in
        for number in 0..<100 {
          group.addTask {
            try await connection.query("SELECT \(number)::int8").row(0) == [.int(Int64(number))]
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }
}

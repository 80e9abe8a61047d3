import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

private enum Mood: String, PostgresEnum {
  case sad
  case ok
}

@Suite("A type of the user's")
struct UserTypeTests {
  private static let types: PostgresStatement = """
    CREATE TYPE pg_temp.mood AS ENUM ('sad', 'ok');
    CREATE DOMAIN pg_temp.positive AS int4 CHECK (VALUE > 0);
    CREATE TYPE pg_temp.address AS (street text, number pg_temp.positive, tags text[], feeling pg_temp.mood);
    CREATE TYPE pg_temp.plain AS (name text, amount numeric(10,2), days date[], since timestamptz);
    CREATE TEMP TABLE v (id int4, mood pg_temp.mood, moods pg_temp.mood[], count pg_temp.positive,
      home pg_temp.address, homes pg_temp.plain[], plain pg_temp.plain, pairs hstore)
    """

  private static let address = ColumnType.structure([
    ColumnField("street", .string), ColumnField("number", .int32), ColumnField("tags", .list(of: .string)),
    ColumnField("feeling", .string),
  ])
  private static let plain = ColumnType.structure([
    ColumnField("name", .string), ColumnField("amount", .decimal(10, 2)),
    ColumnField("days", .list(of: .date)),
    ColumnField("since", .timestamp),
  ])

  private static func schema() throws -> ColumnSchema {
    try ColumnSchema([
      ColumnField("id", .int32), ColumnField("mood", .string), ColumnField("moods", .list(of: .string)),
      ColumnField("count", .int32), ColumnField("home", address), ColumnField("homes", .list(of: plain)),
      ColumnField("plain", plain), ColumnField("pairs", .map(.string, to: .string)),
    ])
  }

  private static func rows() throws -> ColumnBatch {
    let amount = ColumnValue.decimal(try #require(Decimal128("-12345678.90")))
    let instant = ColumnValue.timestamp(try #require(Timestamp("9999-12-31T23:59:59.999999Z")))
    let plain: ColumnValue = .structure([
      "O'Hara, \"(x)\"", amount, .list([.date(Day(daysSince1970: 0)), .null]), instant,
    ])
    let nulls: ColumnValue = .structure([.null, .null, .null, .null])
    var builder = ColumnBatchBuilder(try schema())
    try builder.append(row: [
      1, "ok", .list(["sad", .null]), 7, .structure(["🗼\\", 1, .list(["a,b", "", .null]), "sad"]),
      .list([plain, .null, nulls]), plain, .map([ColumnMapEntry("a", "1"), ColumnMapEntry("b=>\"", .null)]),
    ])
    try builder.append(row: [
      2, .null, .list([]), .null, .structure(["", .null, .list([]), .null]), .list([]), nulls, .map([]),
    ])
    try builder.append(row: [3] + Array(repeating: .null, count: 7))
    return try builder.finish()
  }

  /// Extensions belong to a database, so these tests have one.
  private func withTypes(_ body: (PostgresConnection) async throws -> Void) async throws {
    try await TestDatabase.with { database in
      try await database.withConnection { connection in
        try await connection.execute("CREATE EXTENSION hstore")
        try await connection.execute(script: Self.types)
        try await body(connection)
      }
    }
  }

  @Test("goes in by COPY and comes back the same: enums, domains, composites, arrays of them, hstore")
  func copies() async throws {
    let (batch, schema) = (try Self.rows(), try Self.schema())
    try await withTypes { connection in
      #expect(try await connection.copyIn(batch, into: "v") == 3)
      // The enums make all of it text.
      #expect(try await connection.query("SELECT * FROM v ORDER BY id", as: schema) == batch)
      // These have binary forms.
      let binary = ["plain", "pairs", "count"]
      let part = try schema.selecting(binary)
      let columns = PostgresStatement(unescaped: binary.joined(separator: ", "))
      #expect(
        try await connection.query("SELECT \(columns) FROM v ORDER BY id", as: part)
          == batch.selecting(binary))
      let own = PostgresType(oid: 16_400)
      let copied = try await connection.withCopyOut(
        "SELECT \(columns) FROM v ORDER BY id", as: part, from: [own, own, .int4]
      ) { batches in
        var all: [ColumnBatch] = []
        for try await batch in batches { all.append(batch) }
        return all
      }
      #expect(try ColumnBatch.joining(copied, schema: part) == batch.selecting(binary))
    }
  }

  @Test("goes in as parameters and comes back the same")
  func binds() async throws {
    let (batch, schema) = (try Self.rows(), try Self.schema())
    try await withTypes { connection in
      for index in 0..<batch.rowCount {
        let values = batch.row(index).map { value -> PostgresStatement in "\(value)" }
        try await connection.execute("INSERT INTO v VALUES (\(.joining(values, separator: ", ")))")
      }
      #expect(try await connection.query("SELECT * FROM v ORDER BY id", as: schema) == batch)
      let moods: [Mood?] = [.ok, nil]
      let changed = try await connection.query(
        """
        UPDATE v SET mood = \(Mood.sad), moods = \(moods), plain = \(PostgresComposite("x", 5, [Day(daysSince1970: 0)], nil))
        WHERE id = \(1) AND mood = \(Mood.ok) RETURNING mood, moods::text, plain::text
        """)
      #expect(changed.row(0) == ["sad", "{ok,NULL}", "(x,5.00,{1970-01-01},)"])
    }
  }

  @Test("that has no place in the column asked for names it")
  func mismatches() async throws {
    try await withTypes { connection in
      try await connection.copyIn(Self.rows(), into: "v")
      for (expression, column) in [
        ("plain", .map(.string, to: .string)), ("pairs", Self.plain), ("mood", Self.plain),
        ("home", Self.plain),
        ("moods", .list(of: .int32)), ("ARRAY[[1],[2]]", .list(of: .int32)), ("1", .list(of: .int32)),
      ] as [(String, ColumnType)] {
        let schema = try ColumnSchema([ColumnField("x", column)])
        let error = await #expect(throws: PostgresError.self, "\(expression)") {
          _ = try await connection.query("SELECT \(unescaped: expression) FROM v ORDER BY id", as: schema)
        }
        #expect(error?.column == "x")
      }
      #expect(
        try await connection.query(
          "SELECT ARRAY[[1],[2]]", as: ColumnSchema([ColumnField("x", .string)])
        ).row(0) == ["{{1},{2}}"])
      let refused = try ColumnSchema([ColumnField("i", .string)])
      try await connection.execute("CREATE TEMP TABLE w (i interval)")
      #expect(
        await code { try await connection.copyIn(ColumnBatch(empty: refused), into: "w") } == .unsupportedType
      )
      #expect(try await connection.query("SELECT 1").row(0) == [1])
    }
  }

  @Test("such as a range is bound with its type and read from its text")
  func ranges() async throws {
    let (first, last) = (try #require(Day("0001-01-01")), try #require(Day("9999-12-31")))
    let instant = try #require(Timestamp("2026-01-01T00:00:00.000001Z"))
    let amount = try #require(Decimal128("-99999999999999999999999999999999999.999"))
    try await TestServer.withConnection { connection in
      let row = try await connection.query(
        """
        SELECT \(PostgresRange(Int32.min..<Int32.max)) AS a, \(PostgresRange(Int64(1)...5)) AS b,
          \(PostgresRange(lower: .excluded(amount), upper: .unbounded)) AS c, \(PostgresRange(first..<last)) AS d,
          \(PostgresRange(lower: .unbounded, upper: .included(instant))) AS e, \(PostgresRange<Day>.empty) AS f,
          \(LocalTimestamp(microsecondsSince1970: 0)) <@ \(
            PostgresRange(LocalTimestamp(microsecondsSince1970: 0)..<LocalTimestamp(microsecondsSince1970: 1))) AS g
        """
      ).row(0)
      let texts = row.map { $0.text ?? "" }
      let batch = try await connection.query(
        "SELECT 'ok' AS m, \(PostgresRange(1..<5)) AS r, '[1]'::jsonb AS j")
      let decoded = try batch.decode((Mood, PostgresRange<Int>, PostgresJSON).self)
      #expect(decoded.first?.0 == .ok)
      #expect(decoded.first?.1 == PostgresRange(1..<5))
      #expect(decoded.first?.2.text == "[1]")
      #expect(PostgresRange(texts[0]) == PostgresRange(Int32.min..<Int32.max))
      #expect(PostgresRange(texts[1]) == PostgresRange(Int64(1)..<6))
      #expect(PostgresRange(texts[2]) == PostgresRange(lower: .excluded(amount), upper: .unbounded))
      #expect(PostgresRange(texts[3]) == PostgresRange(first..<last))
      #expect(PostgresRange(texts[4]) == PostgresRange(lower: .unbounded, upper: .included(instant)))
      #expect(PostgresRange<Day>(texts[5]) == .empty)
      #expect(row[6] == true)
    }
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

/// A type of the server's with values at its edges.
struct RoundTripType: Sendable, CustomTestStringConvertible {
  var sql: String
  var column: ColumnType
  var values: [ColumnValue]

  init(_ sql: String, _ column: ColumnType, _ values: [ColumnValue]) {
    self.sql = sql
    self.column = column
    self.values = values
  }

  var testDescription: String { "\(sql) as \(column)" }

  /// The values of texts; one that is unreadable becomes a value that no such column takes.
  private static func values<Value: LosslessStringConvertible>(
    _ texts: [String], _ value: (Value) -> ColumnValue
  ) -> [ColumnValue] {
    texts.map { text in Value(text).map(value) ?? .structure([.string(text)]) }
  }

  private static func decimals(_ texts: String...) -> [ColumnValue] { values(texts, ColumnValue.decimal) }
  private static func days(_ texts: String...) -> [ColumnValue] { values(texts, ColumnValue.date) }
  private static func times(_ texts: String...) -> [ColumnValue] { values(texts, ColumnValue.time) }
  private static func instants(_ texts: String...) -> [ColumnValue] {
    values(texts.map { $0 + "Z" }, ColumnValue.timestamp)
  }
  private static func locals(_ texts: String...) -> [ColumnValue] {
    values(texts, ColumnValue.localTimestamp)
  }

  static let scalars: [RoundTripType] = [
    RoundTripType("bool", .bool, [true, false]),
    RoundTripType("int2", .int16, [-32_768, -1, 0, 32_767]),
    RoundTripType("int4", .int32, [.int(Int64(Int32.min)), 0, .int(Int64(Int32.max))]),
    RoundTripType("int8", .int64, [.int(.min), -1, 0, 1, .int(.max)]),
    RoundTripType("oid", .int64, [0, 4_294_967_295]),
    RoundTripType(
      "float4", .float,
      [.float(-0.0), .float(.leastNonzeroMagnitude), .float(.greatestFiniteMagnitude), .float(.infinity)]),
    RoundTripType(
      "float8", .double,
      [
        .double(-0.0), .double(0.1), .double(.leastNonzeroMagnitude), .double(-.greatestFiniteMagnitude),
        .double(-.infinity),
      ]),
    RoundTripType(
      "numeric(38,0)", .decimal(38, 0),
      decimals(
        "99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "0", "10000")),
    RoundTripType(
      "numeric(38,38)", .decimal(38, 38),
      decimals("0.99999999999999999999999999999999999999", "-0.00000000000000000000000000000000000001")),
    RoundTripType(
      "numeric(12,4)", .decimal(12, 4), decimals("99999999.9999", "-99999999.9999", "0.0001", "10000.0000")),
    RoundTripType("numeric(5,-2)", .decimal(7, 0), decimals("9999900", "-100", "0")),
    RoundTripType("text", .string, ["", "NULL", "null", "{}", "a\"b\\c,'\n\t", "🗼行é\u{301}", " "]),
    RoundTripType("varchar(9)", .string, ["🗼🗼🗼🗼🗼🗼🗼🗼🗼", ""]),
    RoundTripType("jsonb", .string, ["{\"a\": [1, \"🗼\", null]}", "\"\"", "null"]),
    RoundTripType("json", .string, ["{\"a\":1,  \"a\":2}"]),
    RoundTripType(
      "uuid", .string,
      ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]),
    RoundTripType("bytea", .bytes, [.bytes([]), .bytes(Array(0...255)), .bytes([0])]),
    RoundTripType(
      "date", .date,
      days(
        "0001-01-01", "9999-12-31", "1970-01-01", "2000-02-29", "0000-02-29", "-4713-11-24", "4999999-12-31")),
    RoundTripType("time", .time, times("00:00:00", "23:59:59.999999", "24:00:00", "12:00:00.000001")),
    RoundTripType(
      "timestamptz", .timestamp,
      instants(
        "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999",
        "-4713-11-24T00:00:00", "294247-01-10T04:00:54.775807", "0000-02-29T12:00:00")),
    RoundTripType(
      "timestamp", .localTimestamp,
      locals(
        "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "-4713-11-24T00:00:00",
        "294247-01-10T04:00:54.775807")),
  ]

  /// Arrays of each of them: all values with a null among them, and none at all.
  static let arrays: [RoundTripType] = scalars.map { type in
    RoundTripType(
      "\(type.sql)[]", .list(of: type.column),
      [.list([.null] + type.values + [.null]), .list([]), .list(type.values), .list([.null])])
  }
}

// One after the other: each has a session of its own, of which the server has no hundred.
@Suite("Every type", .serialized)
struct TypeRoundTripTests {
  /// All of a type's values and a null, numbered.
  private static func batch(_ type: RoundTripType) throws -> ColumnBatch {
    let schema = try ColumnSchema([ColumnField("id", .int32), ColumnField("v", type.column)])
    var builder = ColumnBatchBuilder(schema)
    for (id, value) in (type.values + [.null]).enumerated() {
      try builder.append(row: [.int(Int64(id)), value])
    }
    return try builder.finish()
  }

  private static func copied(
    _ statement: PostgresStatement, as schema: ColumnSchema, from types: [PostgresType],
    _ connection: PostgresConnection
  ) async throws -> ColumnBatch {
    let batches = try await connection.withCopyOut(statement, as: schema, from: types) { batches in
      var all: [ColumnBatch] = []
      for try await batch in batches { all.append(batch) }
      return all
    }
    return try ColumnBatch.joining(batches, schema: schema)
  }

  /// Reads the table `v` by binary result, by text result and by COPY, each of which must be the batch.
  private static func expect(
    _ batch: ColumnBatch, in connection: PostgresConnection, as schema: ColumnSchema? = nil
  ) async throws {
    let select: PostgresStatement = "SELECT id, v FROM v ORDER BY id"
    #expect(try await connection.query(select, as: schema) == batch)
    // An interval is not read in binary, so all of this comes as text.
    let text = try await connection.query(
      "SELECT id, v, '1 day'::interval AS i FROM v ORDER BY id",
      as: schema.map { try ColumnSchema($0.fields + [ColumnField("i", .string)]) })
    #expect(Array(text.columns.prefix(2)) == batch.columns)
    let oid = try await connection.query(
      "SELECT atttypid::int8 FROM pg_attribute WHERE attrelid = 'v'::regclass AND attname = 'v'")
    guard case .int(let number) = oid.columns[0][0] else { return }
    let type = PostgresType(oid: UInt32(truncatingIfNeeded: number))
    #expect(try await copied(select, as: batch.schema, from: [.int4, type], connection) == batch)
  }

  @Test(
    "comes back as it went in by COPY, from queries and COPY alike",
    arguments: RoundTripType.scalars + RoundTripType.arrays)
  func copies(type: RoundTripType) async throws {
    let batch = try Self.batch(type)
    try #require(type.values.count == Set(type.values).count)
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE v (id int4, v \(unescaped: type.sql))")
      #expect(try await connection.copyIn(batch, into: "v") == batch.rowCount)
      try await Self.expect(batch, in: connection)
    }
  }

  @Test(
    "comes back as it was bound, as parameter and as literal",
    arguments: RoundTripType.scalars + RoundTripType.arrays)
  func binds(type: RoundTripType) async throws {
    let batch = try Self.batch(type)
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE v (id int4, v \(unescaped: type.sql))")
      for isLiteral in [false, true] {
        for (id, value) in (type.values + [.null]).enumerated() {
          let statement: PostgresStatement = "INSERT INTO v VALUES (\(Int32(id)), \(value))"
          try await connection.execute(
            isLiteral ? PostgresStatement(unescaped: try statement.inlined()) : statement)
        }
        try await Self.expect(batch, in: connection)
        try await connection.execute("DELETE FROM v")
      }
    }
  }

  @Test("of a NaN comes back as one")
  func nans() async throws {
    try await TestServer.withConnection { connection in
      let batch = try await connection.query(
        "SELECT \(Float.nan) AS f, \(Double.nan) AS d, \([Double.nan]) AS a, 'NaN'::float4 AS s")
      #expect(batch.row(0).map(\.text) == ["nan", "nan", "[nan]", "nan"])
    }
  }

  @Test("that is infinite is refused, or null where the configuration says so, in every way of reading")
  func infinities() async throws {
    let select: PostgresStatement = """
      SELECT '-infinity'::date AS d, 'infinity'::timestamptz AS t, 'infinity'::timestamp AS l,
        'NaN'::numeric(5,2) AS n, ARRAY['infinity'::date, '2000-01-01'] AS a
      """
    var configuration = try TestServer.configuration()
    configuration.infinities = .null
    let lenient = try await PostgresConnection.connect(configuration)
    let row: [ColumnValue] = [
      .null, .null, .null, .null, .list([.null, .date(try #require(Day("2000-01-01")))]),
    ]
    let batch = try await lenient.query(select)
    #expect(batch.row(0) == row)
    #expect(
      try await lenient.query("SELECT *, '1 day'::interval FROM (\(select)) x").row(0).dropLast() == row[...])
    let types = [.date, .timestamptz, .timestamp, .numeric, PostgresType(oid: 1182)]
    #expect(try await Self.copied(select, as: batch.schema, from: types, lenient) == batch)
    var fields = batch.schema.fields
    fields[1].isNullable = false
    let strict = try ColumnSchema(fields)
    #expect(await code { _ = try await lenient.query(select, as: strict) } == .valueNotRepresentable)
    await lenient.close()
    try await TestServer.withConnection { connection in
      for column in ["d", "t", "l", "n", "a"] {
        for suffix in ["", ", '1 day'::interval AS i"] {
          let error = await #expect(throws: PostgresError.self) {
            _ = try await connection.query(
              "SELECT \(identifier: column)\(unescaped: suffix) FROM (\(select)) x")
          }
          #expect(error?.code == .valueNotRepresentable)
          #expect(error?.column == column)
        }
      }
    }
  }
}

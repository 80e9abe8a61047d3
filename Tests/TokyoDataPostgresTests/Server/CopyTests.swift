import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("COPY and streams")
struct CopyTests {
  private static let table: PostgresStatement = """
    CREATE TEMP TABLE c (id int4, small int2, big int8, price numeric(38,10), ratio float4, name text,
      data bytea, day date, at timestamptz, local timestamp, ok bool, key uuid, doc jsonb)
    """

  private static func schema() throws -> ColumnSchema {
    try ColumnSchema([
      ColumnField("id", .int32), ColumnField("small", .int16), ColumnField("big", .int64),
      ColumnField("price", .decimal(precision: 38, scale: 10)), ColumnField("ratio", .float),
      ColumnField("name", .string), ColumnField("data", .bytes), ColumnField("day", .date),
      ColumnField("at", .timestamp), ColumnField("local", .localTimestamp), ColumnField("ok", .bool),
      ColumnField("key", .string), ColumnField("doc", .string),
    ])
  }

  private static let sources: [PostgresType] = [
    .int4, .int2, .int8, .numeric, .float4, .text, .bytea, .date, .timestamptz, .timestamp, .bool, .uuid,
    .jsonb,
  ]

  private static func rows(_ count: Int) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try schema())
    for index in 0..<count {
      guard index % 7 != 3 else {
        try builder.append(row: Array(repeating: .null, count: 13))
        continue
      }
      try builder.append(row: [
        .int(Int64(index)), .int(Int64(index % 1000) - 500), .int(.min + Int64(index)),
        .decimal(try Decimal128(unscaled: Int128(index - 50) * 12_345_678_901_234_567_890, scale: 10)),
        .float(Float(index) / 3), .string("row \(index) — 行"), .bytes(Array("\(index)".utf8)),
        .date(Day(daysSince1970: Int32(index) - 100)),
        .timestamp(Timestamp(microsecondsSince1970: Int64(index) * 86_400_000_123 - 1)),
        .localTimestamp(LocalTimestamp(microsecondsSince1970: -Int64(index))), .bool(index % 2 == 0),
        "00112233-4455-6677-8899-aabbccddeeff", .string("{\"n\": \(index)}"),
      ])
    }
    return try builder.finish()
  }

  @Test("what COPY takes in comes out the same, by COPY, by stream and by query")
  func roundTrip() async throws {
    let batch = try Self.rows(5_000)
    try await TestServer.withConnection { connection in
      try await connection.execute(Self.table)
      #expect(try await connection.copyIn(batch, into: "c") == 5_000)
      let select: PostgresStatement = "SELECT * FROM c"
      var sizes: [Int] = []
      let copied = try await connection.withCopyOut(
        select, as: Self.schema(), from: Self.sources, batch: BatchSize(rows: 2_000)
      ) { batches in
        var all: [ColumnBatch] = []
        for try await batch in batches { all.append(batch) }
        return all
      }
      sizes = copied.map(\.rowCount)
      #expect(sizes == [2_000, 2_000, 1_000])
      #expect(try ColumnBatch.joining(copied, schema: Self.schema()) == batch)
      #expect(try await connection.query(select) == batch)
      let streamed = try await connection.withStream(select, batch: BatchSize(rows: 999)) { batches in
        var all: [ColumnBatch] = []
        for try await batch in batches { all.append(batch) }
        return all
      }
      #expect(try ColumnBatch.joining(streamed, schema: Self.schema()) == batch)
    }
  }

  @Test("a COPY of DELETE … RETURNING brings what it removes")
  func delete() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute(script: "CREATE TEMP TABLE d AS SELECT generate_series(1, 10) AS id")
      let schema = try ColumnSchema([ColumnField("id", .int32)])
      let removed = try await connection.withTransaction { transaction in
        try await transaction.withCopyOut(
          "DELETE FROM d WHERE id > \(6) RETURNING id", as: schema, from: [.int4]
        ) { batches in
          var rows = 0
          for try await batch in batches { rows += batch.rowCount }
          return rows
        }
      }
      #expect(removed == 4)
      #expect(try await connection.query("SELECT count(*) FROM d").row(0) == [6])
    }
  }

  @Test("an empty COPY has no batches")
  func empty() async throws {
    try await TestServer.withConnection { connection in
      let schema = try ColumnSchema([ColumnField("id", .int32)])
      let count = try await connection.withCopyOut("SELECT 1 WHERE false", as: schema, from: [.int4]) {
        var count = 0
        for try await _ in $0 { count += 1 }
        return count
      }
      #expect(count == 0)
    }
  }

  @Test("a stream or COPY left early is canceled and leaves a clean connection", arguments: [false, true])
  func leftEarly(byCopy: Bool) async throws {
    try await TestServer.withConnection { connection in
      let endless: PostgresStatement = "SELECT generate_series(1, 1000000000::int8) AS i"
      let schema = try ColumnSchema([ColumnField("i", .int64)])
      let size = BatchSize(rows: 100)
      let first: (PostgresBatches) async throws -> ColumnBatch? = { batches in
        var iterator = batches.makeAsyncIterator()
        return try await iterator.next()
      }
      let batch =
        byCopy
        ? try await connection.withCopyOut(endless, as: schema, from: [.int8], batch: size, first)
        : try await connection.withStream(endless, batch: size, first)
      #expect(batch?.rowCount == 100)
      #expect(await connection.isReusable)
      #expect(try await connection.query("SELECT 1").row(0) == [1])
    }
  }

  @Test("a value that does not fit names its column, and the connection goes on")
  func badValues() async throws {
    try await TestServer.withConnection { connection in
      let schema = try ColumnSchema([ColumnField("id", .int64), ColumnField("at", .timestamp)])
      let error = await #expect(throws: PostgresError.self) {
        try await connection.withCopyOut(
          "SELECT i, CASE WHEN i = 4711 THEN 'infinity' ELSE now() END FROM generate_series(1, 10000::int8) i",
          as: schema, from: [.int8, .timestamptz]
        ) { for try await _ in $0 {} }
      }
      #expect(error?.code == .valueNotRepresentable)
      #expect(error?.column == "at")
      #expect(error?.description.contains("4711") == false)
      #expect(try await connection.query("SELECT 1").row(0) == [1])
      try await connection.execute("CREATE TEMP TABLE narrow (id int2)")
      var builder = ColumnBatchBuilder(try ColumnSchema([ColumnField("id", .int64)]))
      for value in [1, 2, 70_000] as [ColumnValue] { try builder.append(row: [value]) }
      let batch = try builder.finish()
      let refused = await #expect(throws: PostgresError.self) {
        try await connection.copyIn(batch, into: "narrow")
      }
      #expect(refused?.column == "id")
      #expect(try await connection.query("SELECT count(*) FROM narrow").row(0) == [0])
    }
  }

  @Test("errors of the server in the middle of a COPY or stream reach the reader")
  func serverErrors() async throws {
    try await TestServer.withConnection { connection in
      let failing: PostgresStatement = "SELECT 1/(5000 - i)::int4 FROM generate_series(1, 10000) i"
      let schema = try ColumnSchema([ColumnField("q", .int32)])
      #expect(
        await code {
          try await connection.withCopyOut(failing, as: schema, from: [.int4]) { for try await _ in $0 {} }
        } == .server)
      #expect(await code { try await connection.withStream(failing) { for try await _ in $0 {} } } == .server)
      #expect(
        await code {
          try await connection.withCopyOut("SELECT missing", as: schema, from: [.int4]) { _ in }
        } == .server)
      #expect(await connection.isReusable)
    }
  }

  @Test("a statement while a stream holds the connection is refused")
  func busy() async throws {
    try await TestServer.withConnection { connection in
      try await connection.withStream("SELECT generate_series(1, 10)") { _ in
        #expect(await code { try await connection.execute("SELECT 1") } == .busy)
      }
      try await connection.execute("SELECT 1")
    }
  }
}

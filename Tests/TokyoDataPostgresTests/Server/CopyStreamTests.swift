import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("COPY as async sequences")
struct CopyStreamTests {
  private struct Stop: Error {}

  private static func schema() throws -> ColumnSchema {
    try ColumnSchema([ColumnField("id", .int64), ColumnField("name", .string)])
  }

  private static func batch(_ ids: Range<Int64>) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try schema())
    for id in ids { try builder.append(row: [.int(id), .string("row \(id)")]) }
    return try builder.finish()
  }

  /// Batches of 1,000 rows, and then perhaps an error.
  private static func batches(
    _ count: Int64, failing: Bool = false
  ) throws -> AsyncThrowingStream<ColumnBatch, any Error> {
    let all = try (0..<count).map { try batch($0 * 1_000..<($0 + 1) * 1_000) }
    return AsyncThrowingStream { continuation in
      for batch in all { continuation.yield(batch) }
      continuation.finish(throwing: failing ? Stop() : nil)
    }
  }

  private static func count(_ connection: PostgresConnection) async throws -> [ColumnValue] {
    try await connection.query("SELECT count(*) AS rows, count(DISTINCT id) AS ids FROM t").row(0)
  }

  @Test("a table goes out of one session and into another, batch by batch")
  func through() async throws {
    try await TestServer.withConnection { target in
      try await target.execute("CREATE TEMP TABLE t (id int8 PRIMARY KEY, name varchar(20))")
      try await TestServer.withConnection { source in
        try await source.execute(
          "CREATE TEMP TABLE s AS SELECT i AS id, 'row ' || i AS name FROM generate_series(1, 20000::int8) i")
        let copied = try await source.withCopyOut(table: "s", batch: BatchSize(rows: 700)) { batches in
          #expect(batches.schema == (try Self.schema()))
          return try await target.copyIn(batches, into: "t")
        }
        #expect(copied == 20_000)
        #expect(await source.isReusable)
      }
      #expect(try await Self.count(target) == [20_000, 20_000])
      #expect(await target.isReusable)
    }
  }

  @Test("the server's description says how rows are read; what has no binary form comes as text")
  func described() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute(
        script:
          "CREATE TYPE pg_temp.mood AS ENUM ('sad', 'ok'); CREATE TEMP TABLE m (mood pg_temp.mood, at inet)")
      try await connection.execute("INSERT INTO m VALUES ('ok', '10.0.0.1'), (NULL, NULL)")
      let select: PostgresStatement = """
        SELECT mood, at, 1.50::numeric(4,2), ARRAY[1, \(2)::int4], mood, now() - now()
        FROM m ORDER BY mood  -- a comment
        """
      let expected = try ColumnSchema([
        ColumnField("a", .string), ColumnField("b", .string), ColumnField("c", .decimal(4, 2)),
        ColumnField("d", .list(of: .int32)), ColumnField("e", .string), ColumnField("f", .string),
      ])
      let rows = try await connection.withCopyOut(select, as: expected) { batches in
        try await batches.reduce(into: []) { $0 += (0..<$1.rowCount).map($1.row) }
      }
      let decimal = ColumnValue.decimal(try Decimal128(unscaled: 150, scale: 2))
      #expect(
        rows == [
          ["ok", "10.0.0.1/32", decimal, .list([1, 2]), "ok", "PT0S"],
          [.null, .null, decimal, .list([1, 2]), .null, "PT0S"],
        ])
      let removed = try await connection.withCopyOut("DELETE FROM m RETURNING mood") { batches in
        try await batches.reduce(0) { $0 + $1.rowCount }
      }
      #expect(removed == 2)
      #expect(await code { try await connection.withCopyOut("SELECT missing") { _ in } } == .server)
      #expect(await connection.isReusable)
    }
  }

  @Test("rows that are read ahead and not used are canceled on the server", arguments: [0, 1, 5])
  func leftEarly(used: Int) async throws {
    try await TestServer.withConnection { connection in
      let endless: PostgresStatement = "SELECT generate_series(1, 1000000000::int8) AS i"
      let taken = try await connection.withCopyOut(endless, batch: BatchSize(rows: 100)) { batches in
        var taken = 0
        for try await batch in batches.prefix(used) { taken += batch.rowCount }
        return taken
      }
      #expect(taken == used * 100)
      #expect(await connection.isReusable)
      await #expect(throws: Stop.self) {
        try await connection.withCopyOut(endless, batch: BatchSize(rows: 100)) { batches in
          for try await _ in batches { throw Stop() }
        }
      }
      #expect(try await connection.query("SELECT 1").row(0) == [1])
    }
  }

  @Test("a canceled reader gets a CancellationError and leaves a clean connection")
  func canceled() async throws {
    try await TestServer.withConnection { connection in
      let (started, continuation) = AsyncStream<Void>.makeStream()
      let reading = Task {
        try await connection.withCopyOut("SELECT generate_series(1, 1000000000::int8) AS i") { batches in
          for try await _ in batches { continuation.yield() }
        }
      }
      var starts = started.makeAsyncIterator()
      await starts.next()
      reading.cancel()
      await #expect(throws: CancellationError.self) { try await reading.value }
      #expect(await connection.isReusable)
    }
  }

  @Test("errors in the middle reach the reader after the rows before them")
  func readErrors() async throws {
    try await TestServer.withConnection { connection in
      var rows = 0
      let failed = await code {
        try await connection.withCopyOut(
          "SELECT 1/(5000 - i)::int4 FROM generate_series(1, 10000) i", batch: BatchSize(rows: 100)
        ) { batches in for try await batch in batches { rows += batch.rowCount } }
      }
      #expect(failed == .server)
      #expect(rows > 0 && rows < 5_000)
      #expect(await connection.isReusable)
    }
  }

  @Test("batches go in by one COPY as they come", arguments: [0, 1, 40] as [Int64])
  func copyIn(count: Int64) async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8 PRIMARY KEY, name text)")
      #expect(try await connection.copyIn(Self.batches(count), into: "t") == Int(count) * 1_000)
      #expect(try await Self.count(connection) == [.int(count * 1_000), .int(count * 1_000)])
      #expect(await connection.isReusable)
    }
  }

  @Test(
    "an error of the sequence leaves nothing written, and the connection goes on",
    arguments: [0, 1, 40] as [Int64])
  func sequenceFails(count: Int64) async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8 PRIMARY KEY, name text)")
      await #expect(throws: Stop.self) {
        try await connection.copyIn(Self.batches(count, failing: true), into: "t")
      }
      #expect(await connection.isReusable)
      #expect(try await Self.count(connection) == [0, 0])
    }
  }

  @Test("a canceled task writes nothing, though its sequence only ends")
  func canceledWriter() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8 PRIMARY KEY, name text)")
      let (batches, continuation) = AsyncStream<ColumnBatch>.makeStream()
      continuation.yield(try Self.batch(0..<1_000))
      let (taken, takes) = AsyncStream<Void>.makeStream()
      let writing = Task {
        let told = batches.map { batch in
          takes.yield()
          return batch
        }
        return try await connection.copyIn(told, into: "t")
      }
      var all = taken.makeAsyncIterator()
      await all.next()
      writing.cancel()
      await #expect(throws: CancellationError.self) { try await writing.value }
      #expect(await connection.isReusable)
      #expect(try await Self.count(connection) == [0, 0])
    }
  }

  @Test("what the server or we have against a row ends the COPY with nothing written")
  func badRows() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int2 PRIMARY KEY, name text)")
      let wide = await #expect(throws: PostgresError.self) {
        try await connection.copyIn(Self.batches(40), into: "t")
      }
      #expect(wide?.code == .valueNotRepresentable)
      #expect(wide?.column == "id")
      let twice = [try Self.batch(0..<10), try Self.batch(5..<15)]
      let refused = await #expect(throws: PostgresError.self) {
        try await connection.copyIn(twice.async, into: "t")
      }
      #expect(refused.flatMap { PostgresServerError(in: $0) }?.sqlState == .uniqueViolation)
      let other = [try Self.batch(0..<10), ColumnBatch(empty: try ColumnSchema([ColumnField("id", .int64)]))]
      #expect(await code { try await connection.copyIn(other.async, into: "t") } == .invalidStatement)
      #expect(await connection.isReusable)
      #expect(try await Self.count(connection) == [0, 0])
    }
  }

  @Test("a session that the server ends is noticed on either way, though batches would come without end")
  func terminated() async throws {
    try await TestServer.withConnection { observer in
      let endless = try Self.batch(0..<1_000)
      try await TestServer.withConnection { connection in
        try await connection.execute("CREATE TEMP TABLE t (id int8, name text)")
        let process = await connection.processID
        let batches = AsyncThrowingStream<ColumnBatch, any Error> {
          try await observer.execute("SELECT pg_terminate_backend(\(process))")
          return endless
        }
        #expect(await code { try await connection.copyIn(batches, into: "t") } == .connectionLost)
        #expect(await connection.isOpen == false)
      }
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        let lost = await code {
          try await connection.withCopyOut("SELECT generate_series(1, 1000000000::int8) AS i") { batches in
            try await observer.execute("SELECT pg_terminate_backend(\(process))")
            for try await _ in batches {}
          }
        }
        #expect(lost == .connectionLost)
      }
    }
  }

  @Test("a COPY holds its session, within a transaction too, which it fails with it")
  func holds() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8 PRIMARY KEY, name text)")
      let batches = [try Self.batch(0..<10), try Self.batch(10..<20)]
      await #expect(throws: PostgresError.self) {
        try await connection.withTransaction { transaction in
          let asking = batches.async.map { batch in
            #expect(
              await code { try await transaction.execute("SELECT 1") } == (batch == batches[0] ? nil : .busy))
            return batch
          }
          #expect(try await transaction.copyIn(asking, into: "t") == 20)
          try await transaction.copyIn(batches.async, into: "t")
        }
      }
      #expect(await connection.isReusable)
      #expect(try await Self.count(connection) == [0, 0])
    }
  }
}

extension Array where Element: Sendable {
  /// The elements, one after the other.
  fileprivate var async: AsyncStream<Element> {
    AsyncStream { continuation in
      for element in self { continuation.yield(element) }
      continuation.finish()
    }
  }
}

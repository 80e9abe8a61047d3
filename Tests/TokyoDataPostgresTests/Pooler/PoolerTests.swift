import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A connection through a transaction-pooling proxy")
struct PoolerTests {
  private static func with(_ body: (PooledSessions) async throws -> Void) async throws {
    try await TestDatabase.with(on: .pooler) { database in
      let sessions = PooledSessions(database)
      try await sessions.open(3)
      try await body(sessions)
    }
  }

  /// More than there are sessions, and no multiple of them.
  private let rounds = 8

  @Test("meets another session of the server with each statement")
  func turns() async throws {
    try await Self.with { sessions in
      try await sessions.withConnection { connection in
        try await connection.execute("CREATE TABLE met (process int)")
        for _ in 0..<rounds { try await connection.execute("INSERT INTO met SELECT pg_backend_pid()") }
      }
      #expect(try await sessions.database.value("SELECT count(DISTINCT process) FROM met") == 3)
    }
  }

  @Test("queries with and without binds, whatever they return")
  func queries() async throws {
    try await Self.with { sessions in
      try await sessions.withConnection { connection in
        for round in 0..<rounds {
          let value = try await connection.query("SELECT \(Int64(round)) AS a, 'text'::text AS b").row(0)
          #expect(value == [.int(Int64(round)), "text"])
          // A type without a binary form here: the results come as text.
          let text = try await connection.query("SELECT '10.0.0.1'::inet AS a, \(Int64(round)) AS b").row(0)
          #expect(text == ["10.0.0.1", .int(Int64(round))])
          let schema = try ColumnSchema([ColumnField("n", .decimal(precision: 10, scale: 2))])
          let number = try await connection.query("SELECT 1.5::numeric", as: schema)
          #expect(number.schema == schema)
        }
      }
    }
  }

  @Test("reports a statement's own errors and goes on")
  func errors() async throws {
    try await Self.with { sessions in
      try await sessions.withConnection { connection in
        for _ in 0..<rounds {
          let error = await #expect(throws: PostgresError.self) {
            _ = try await connection.query("SELECT 1 / \(Int64(0))")
          }
          #expect(error.flatMap { PostgresServerError(in: $0) }?.sqlState.rawValue == "22012")
          let row = try await connection.query("SELECT 1").row(0)
          #expect(row == [1])
        }
      }
    }
  }

  @Test("streams and copies, in both directions")
  func streams() async throws {
    try await Self.with { sessions in
      let schema = try ColumnSchema([ColumnField("id", .int64)])
      var builder = ColumnBatchBuilder(schema)
      for id in 0..<100 { try builder.append(row: [.int(Int64(id))]) }
      let batch = try builder.finish()
      try await sessions.withConnection { connection in
        try await connection.execute("CREATE TABLE t (id int8)")
        for round in 1...rounds {
          #expect(try await connection.copyIn(batch, into: "t") == 100)
          let select: PostgresStatement = "SELECT id FROM t WHERE id >= \(Int64(0))"
          let streamed = try await connection.withStream(select) { try await Self.count($0) }
          let copied = try await connection.withCopyOut(select, as: schema, from: [.int8]) {
            try await Self.count($0)
          }
          #expect(streamed == 100 * round)
          #expect(copied == 100 * round)
        }
      }
    }
  }

  private static func count(_ batches: PostgresBatches) async throws -> Int {
    var rows = 0
    for try await batch in batches { rows += batch.rowCount }
    return rows
  }

  @Test("holds one session for a transaction, and more clients than sessions wait for each other")
  func transactions() async throws {
    try await Self.with { sessions in
      let pool = PostgresConnectionPool(
        try sessions.configuration(), pool: PostgresPoolConfiguration(maximumConnections: 20))
      try await sessions.database.execute("CREATE TABLE t (id int8)")
      try await withThrowingTaskGroup { group in
        for task in 0..<20 {
          group.addTask {
            try await pool.withConnection { connection in
              try await connection.withTransaction { transaction in
                let first = try await transaction.query("SELECT pg_backend_pid()").row(0)
                try await transaction.execute("INSERT INTO t VALUES (\(Int64(task)))")
                #expect(try await transaction.query("SELECT pg_backend_pid()").row(0) == first)
              }
            }
          }
        }
        try await group.waitForAll()
      }
      await pool.close()
      #expect(try await sessions.database.value("SELECT count(*) FROM t") == 20)
    }
  }

  @Test("cancels its statement, and nobody else's")
  func canceling() async throws {
    try await Self.with { sessions in
      try await sessions.withConnection { connection in
        for _ in 0..<rounds {
          let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
          try await sessions.database.withConnection { observer in
            try await TestServer.until(
              "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep')", on: observer)
          }
          task.cancel()
          await #expect(throws: CancellationError.self) { try await task.value }
          #expect(await connection.isReusable)
          let row = try await connection.query("SELECT 1").row(0)
          #expect(row == [1])
        }
      }
    }
  }

  @Test("reads values as one that meets the server itself, whatever the database's defaults are")
  func meaning() async throws {
    try await TestDatabase.with(on: .pooler) { database in
      for (name, value) in [
        ("TimeZone", "America/St_Johns"), ("DateStyle", "SQL, DMY"), ("IntervalStyle", "sql_standard"),
        ("extra_float_digits", "-3"), ("bytea_output", "escape"),
      ] {
        try await database.execute(
          "ALTER DATABASE \(identifier: database.name) SET \(identifier: name) = \(unescaped: "'\(value)'")")
      }
      let sessions = PooledSessions(database)
      try await sessions.open(3)
      // The inet makes it a result of texts.
      let statement: PostgresStatement = """
        SELECT '2026-03-04 05:06:07+00'::timestamptz AS a, '2026-03-04'::date AS b, '\\xff00'::bytea AS c,
          1.1::float8 / 3 AS d, '1 day 02:00'::interval AS e, '10.0.0.1'::inet AS f
        """
      let direct = try await database.withConnection { try await $0.query(statement) }
      try await sessions.withConnection { connection in
        for _ in 0..<rounds {
          let pooled = try await connection.query(statement)
          #expect(pooled == direct)
        }
      }
    }
  }

  @Test("leaves no setting in a session that the next client gets")
  func leavesNothing() async throws {
    try await Self.with { sessions in
      try await sessions.withConnection { connection in
        for _ in 0..<rounds {
          _ = try await connection.withTransaction { try await $0.query("SELECT 1") }
          // A script comes without the settings of a transaction, and the pooler itself brings these along
          // with its client.
          try await connection.execute(
            script: """
              DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_settings WHERE source = 'session' AND name NOT IN
                  ('TimeZone', 'DateStyle', 'client_encoding', 'standard_conforming_strings',
                   'application_name', 'transaction_isolation', 'transaction_read_only',
                   'transaction_deferrable'))
                THEN RAISE EXCEPTION 'a setting was left'; END IF;
              END $$
              """)
        }
        #expect(try await connection.query("SELECT count(*) FROM pg_prepared_statements").row(0) == [0])
      }
    }
  }

  @Test("keeps a statement timeout for its own statements and transactions, in every session")
  func statementTimeout() async throws {
    try await Self.with { sessions in
      var configuration = try sessions.configuration()
      configuration.statementTimeout = .milliseconds(20)
      try await TestServer.withConnection(by: configuration) { connection in
        for _ in 0..<rounds {
          let alone = await #expect(throws: PostgresError.self) {
            try await connection.execute("SELECT pg_sleep(5)")
          }
          #expect(alone.flatMap { PostgresServerError(in: $0) }?.sqlState == .queryCanceled)
          let inside = await #expect(throws: PostgresError.self) {
            try await connection.withTransaction { try await $0.execute("SELECT pg_sleep(5)") }
          }
          #expect(inside.flatMap { PostgresServerError(in: $0) }?.sqlState == .queryCanceled)
        }
      }
      try await sessions.withConnection { connection in
        let left = try await connection.query("SELECT current_setting('statement_timeout')").row(0)
        #expect(left == ["0"])
      }
    }
  }

  @Test("refuses locks of the session and LISTEN, and says why")
  func refusals() async throws {
    try await Self.with { sessions in
      let lock = await #expect(throws: PostgresError.self) {
        try await sessions.withConnection { connection in
          try await connection.withAdvisoryLock(PostgresAdvisoryKey(1)) {}
        }
      }
      #expect(lock?.code == .unsupportedByPooler)
      let store = PostgresHotStore(try sessions.configuration())
      let heard = await #expect(throws: (any Error).self) {
        for try await _ in store.notifications(on: "news") {}
      }
      #expect(heard.map { "\($0)" }?.contains("pooler") == true)
      await store.close()
    }
  }
}

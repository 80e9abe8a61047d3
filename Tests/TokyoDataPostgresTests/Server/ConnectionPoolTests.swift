import Testing
import TokyoDataColumns
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("A connection pool", .timeLimit(.minutes(5)))
struct ConnectionPoolTests {
  private func pool(
    of maximum: Int, _ configuration: PostgresConfiguration? = nil,
    _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
  ) throws -> PostgresConnectionPool {
    var poolConfiguration = PostgresPoolConfiguration(maximumConnections: maximum)
    change(&poolConfiguration)
    return PostgresConnectionPool(
      try configuration ?? TestServer.configuration(), pool: poolConfiguration)
  }

  @Test("serves 10,000 tasks with 8 connections and uses them again")
  func fewConnections() async throws {
    let pool = try pool(of: 8) { $0.leaseTimeout = nil }
    let processes = try await withThrowingTaskGroup { group in
      for _ in 0..<10_000 {
        group.addTask {
          try await pool.withConnection { try await $0.query("SELECT pg_backend_pid()").row(0) }
        }
      }
      var seen: Set<[ColumnValue]> = []
      for try await row in group { seen.insert(row) }
      return seen
    }
    #expect((1...8).contains(processes.count))
    await pool.close()
    #expect(await code { try await pool.withConnection { _ in } } == .closed)
  }

  @Test("replaces a connection that broke while it was lent")
  func broken() async throws {
    let pool = try pool(of: 1)
    await #expect(throws: PostgresError.self) {
      try await pool.withConnection { try await $0.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
    }
    #expect(try await pool.withConnection { try await $0.query("SELECT 1").row(0) } == [1])
    await pool.close()
  }

  @Test("lends no connection that comes back inside a transaction")
  func insideTransaction() async throws {
    let pool = try pool(of: 1)
    let first = try await pool.withConnection { connection in
      try await connection.execute("BEGIN")
      return await connection.processID
    }
    #expect(try await pool.withConnection { await $0.processID } != first)
    await pool.close()
  }

  @Test("lets a canceled task leave the line and closes under those that wait")
  func waiting() async throws {
    let pool = try pool(of: 1)
    try await pool.withConnection { _ in
      let canceled = Task { try await pool.withConnection { _ in } }
      canceled.cancel()
      await #expect(throws: CancellationError.self) { try await canceled.value }
      let waiting = Task { try await pool.withConnection { _ in } }
      try await until { pool.counts.waiting == 1 }
      await pool.close()
      #expect(await code { try await waiting.value } == .closed)
    }
  }

  @Test("that cannot reach its server throws, every time")
  func unreachable() async throws {
    let pool = try pool(of: 1, PostgresConfiguration("host=127.0.0.1 port=1"))
    for _ in 0..<3 { #expect(await code { try await pool.withConnection { _ in } } == .connectionFailed) }
  }

  @Test("says that it is exhausted when the time for a lease has passed")
  func exhausted() async throws {
    let clock = ManualClock(.init(microsecondsSince1970: 0))
    let pool = PostgresConnectionPool(
      try TestServer.configuration(), pool: PostgresPoolConfiguration(maximumConnections: 1), clock: clock)
    try await pool.withConnection { _ in
      let waiting = Task { try await pool.withConnection { _ in } }
      try await until { pool.counts.waiting == 1 }
      clock.advance(by: .seconds(10))
      #expect(await code { try await waiting.value } == .poolExhausted)
    }
    try await pool.withConnection { _ in }
    await pool.close()
  }

  @Test(
    "takes no harm from a server that ends all idle sessions between leases, as a restart does",
    arguments: [nil, Duration.zero])
  func restart(healthCheckAfter: Duration?) async throws {
    try await TestDatabase.with { database in
      let pool = try pool(of: 4, database.configuration) { $0.healthCheckAfter = healthCheckAfter }
      for _ in 0..<3 {
        // All four at once, so that four are idle.
        try await withThrowingTaskGroup { group in
          let gate = Gate()
          for _ in 0..<4 {
            group.addTask {
              try await pool.withConnection {
                #expect(try await $0.query("SELECT 1").row(0) == [1])
                try await gate.wait()
              }
            }
          }
          group.addTask {
            try await until { pool.counts.used == 4 }
            gate.open()
          }
          for try await _ in group {}
        }
        try await endSessions(of: database)
      }
      await pool.close()
    }
  }

  @Test("keeps its waiters in line while the server refuses, and serves them when it is back")
  func refusedThenBack() async throws {
    try await TestDatabase.with { database in
      let pool = try pool(of: 4, database.configuration) { $0.leaseTimeout = .seconds(60) }
      try await pool.withConnection { _ in }
      try await allowConnections(to: database, false)
      try await endSessions(of: database)
      let waiters = (0..<50).map { _ in
        Task { try await pool.withConnection { try await $0.query("SELECT 1").row(0) } }
      }
      try await until { pool.counts.waiting == 50 && pool.failures >= 2 }
      try await allowConnections(to: database, true)
      for waiter in waiters { #expect(try await waiter.value == [1]) }
      await pool.close()
    }
  }

  @Test("an idle connection that hears something harmless is lent all the same")
  func harmless() async throws {
    try await TestDatabase.with { database in
      let clock = ManualClock(.init(microsecondsSince1970: 0))
      let pool = PostgresConnectionPool(database.configuration, clock: clock)
      let first = try await pool.withConnection { connection in
        try await connection.execute("LISTEN news")
        return await connection.processID
      }
      try await database.execute("NOTIFY news, 'something'")
      clock.advance(by: .seconds(1))
      let second = try await pool.withConnection { connection in
        try await connection.execute("SELECT 1")
        return await connection.processID
      }
      #expect(first == second)
      await pool.close()
    }
  }

  @Test("keeps its minimum, also when the server ends those sessions")
  func minimum() async throws {
    try await TestDatabase.with { database in
      let clock = ManualClock(.init(microsecondsSince1970: 0))
      var configuration = PostgresPoolConfiguration(minimumConnections: 2, maximumConnections: 4)
      configuration.healthCheckAfter = .seconds(30)
      let pool = PostgresConnectionPool(database.configuration, pool: configuration, clock: clock)
      await pool.keep()
      try await until { pool.counts.idle == 2 }
      let before = try await sessions(of: database)
      #expect(before.count == 2)
      try await endSessions(of: database)
      clock.advance(by: .seconds(30))
      try await until { pool.counts.idle == 0 }
      try await until { pool.counts.idle == 2 }
      let after = try await sessions(of: database)
      #expect(after.count == 2)
      #expect(after.isDisjoint(with: before))
      await pool.close()
    }
  }

  // MARK: The administrator

  private func allowConnections(to database: TestDatabase, _ isAllowed: Bool) async throws {
    try await TestServer.withConnection { administrator in
      try await administrator.execute(
        script: """
          ALTER DATABASE \(identifier: database.name) ALLOW_CONNECTIONS \(unescaped: "\(isAllowed)")
          """)
    }
  }

  /// Ends all sessions in the database until there is none, also those that a pool opens meanwhile.
  private func endSessions(of database: TestDatabase) async throws {
    try await TestServer.withConnection { administrator in
      while try await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(database.name)") > 0
      {
        try Task.checkCancellation()
      }
    }
  }

  private func sessions(of database: TestDatabase) async throws -> Set<ColumnValue> {
    try await TestServer.withConnection { administrator in
      let rows = try await administrator.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = \(database.name)")
      return Set((0..<rows.rowCount).map { rows.row($0)[0] })
    }
  }
}

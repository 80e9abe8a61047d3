import ServiceLifecycleTestKit
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("The hot store as a service", .timeLimit(.minutes(5)))
struct ServiceTests {
  @Test("on graceful shutdown a transaction under way commits, then all sessions are gone")
  func gracefulShutdown() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE notes (text text)")
      let store = PostgresHotStore(
        database.configuration, pool: PostgresPoolConfiguration(minimumConnections: 2))
      let (inside, ending) = (Gate(), Gate())
      try await testGracefulShutdown { trigger in
        try await withThrowingTaskGroup { group in
          group.addTask { try await store.run() }
          group.addTask {
            try await store.withTransaction(level: .readCommitted) { transaction in
              inside.open()
              try await ending.wait()
              try await transaction.execute("INSERT INTO notes VALUES ('late')")
            }
          }
          try await inside.wait()
          trigger.triggerGracefulShutdown()
          try await until { store.pool.isShutDown }
          await #expect(throws: TokyoDataError.self) { try await store.query("SELECT 1") }
          ending.open()
          try await group.waitForAll()
        }
      }
      #expect(try await database.value("SELECT count(*) FROM notes") == 1)
      #expect(
        try await database.value(
          """
          SELECT count(*) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
          """) == 0)
    }
  }

  @Test("on graceful shutdown a statement that takes too long loses its session")
  func tooLong() async throws {
    try await TestDatabase.with { database in
      let clock = ManualClock(.init(microsecondsSince1970: 0))
      let store = PostgresHotStore(database.configuration, clock: clock)
      try await testGracefulShutdown { trigger in
        let service = Task { try await store.run() }
        let statement = Task { try await store.execute("SELECT pg_sleep(600)") }
        try await database.withConnection { observer in
          try await TestServer.until(
            """
            SELECT count(*) > 0 FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND state = 'active'
            """, on: observer)
        }
        trigger.triggerGracefulShutdown()
        try await until { store.pool.isShutDown }
        clock.advance(by: .seconds(30))
        await #expect(throws: TokyoDataError.self) { try await statement.value }
        try await service.value
      }
    }
  }

  @Test("a canceled service closes the store")
  func canceled() async throws {
    let store = PostgresHotStore(try TestServer.configuration())
    let service = Task { try await store.run() }
    service.cancel()
    await #expect(throws: CancellationError.self) { try await service.value }
    let error = await #expect(throws: TokyoDataError.self) { try await store.query("SELECT 1") }
    #expect(error?.code == .unavailable)
  }
}

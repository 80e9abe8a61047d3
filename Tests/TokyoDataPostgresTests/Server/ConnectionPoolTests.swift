import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A connection pool")
struct ConnectionPoolTests {
  @Test("serves many tasks with few connections and uses them again")
  func fewConnections() async throws {
    let pool = PostgresConnectionPool(try TestServer.configuration(), limit: 3)
    let processes = try await withThrowingTaskGroup { group in
      for _ in 0..<60 {
        group.addTask {
          try await pool.withConnection { try await $0.query("SELECT pg_backend_pid()").row(0) }
        }
      }
      var seen: Set<[ColumnValue]> = []
      for try await row in group { seen.insert(row) }
      return seen
    }
    #expect((1...3).contains(processes.count))
    await pool.close()
    #expect(await code { try await pool.withConnection { _ in } } == .closed)
  }

  @Test("replaces a connection that broke while it was lent")
  func broken() async throws {
    let pool = PostgresConnectionPool(try TestServer.configuration(), limit: 1)
    await #expect(throws: PostgresError.self) {
      try await pool.withConnection { try await $0.execute("SELECT pg_terminate_backend(pg_backend_pid())") }
    }
    #expect(try await pool.withConnection { try await $0.query("SELECT 1").row(0) } == [1])
    await pool.close()
  }

  @Test("lets a canceled task leave the line and closes under those that wait")
  func waiting() async throws {
    let pool = PostgresConnectionPool(try TestServer.configuration(), limit: 1)
    try await pool.withConnection { _ in
      let canceled = Task { try await pool.withConnection { _ in } }
      canceled.cancel()
      await #expect(throws: CancellationError.self) { try await canceled.value }
      let waiting = Task { try await pool.withConnection { _ in } }
      await pool.close()
      #expect(await code { try await waiting.value } == .closed)
    }
  }

  @Test("that cannot reach its server throws, every time")
  func unreachable() async throws {
    let pool = PostgresConnectionPool(PostgresConfiguration("host=127.0.0.1 port=1"), limit: 1)
    for _ in 0..<3 { #expect(await code { try await pool.withConnection { _ in } } == .connectionFailed) }
  }
}

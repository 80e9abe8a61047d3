import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A savepoint")
struct SavepointTests {
  struct Planned: Error, Equatable {}

  private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8)")
      try await body(connection)
      #expect(await connection.isReusable)
    }
  }

  private func ids(_ session: some PostgresSession) async throws -> [ColumnValue] {
    let rows = try await session.query("SELECT id FROM t ORDER BY id")
    return (0..<rows.rowCount).map { rows.columns[0][$0] }
  }

  @Test("keeps what its body did, and undoes it alone where the body throws")
  func outcomes() async throws {
    try await withTable { connection in
      try await connection.withTransaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        let answer = try await transaction.withSavepoint { inner in
          try await inner.execute("INSERT INTO t VALUES (2)")
          return 42
        }
        #expect(answer == 42)
        await #expect(throws: Planned()) {
          try await transaction.withSavepoint { inner in
            try await inner.execute("INSERT INTO t VALUES (3)")
            throw Planned()
          }
        }
        try await transaction.execute("INSERT INTO t VALUES (4)")
      }
      #expect(try await ids(connection) == [1, 2, 4])
    }
  }

  @Test("leaves the transaction usable after a failed statement, thrown or swallowed")
  func failedStatements() async throws {
    try await withTable { connection in
      try await connection.withTransaction { transaction in
        #expect(
          await code {
            try await transaction.withSavepoint { inner in
              try await inner.execute("INSERT INTO t VALUES (1)")
              try await inner.execute("SELECT 1/0")
            }
          } == .server)
        #expect(
          await code {
            try await transaction.withSavepoint { inner in
              try await inner.execute("INSERT INTO t VALUES (2)")
              _ = try? await inner.execute("SELECT 1/0")
            }
          } == .transactionAborted)
        try await transaction.execute("INSERT INTO t VALUES (3)")
      }
      #expect(try await ids(connection) == [3])
    }
  }

  @Test("nests, and the outer ones are busy meanwhile")
  func nesting() async throws {
    try await withTable { connection in
      try await connection.withTransaction { transaction in
        try await transaction.withSavepoint { outer in
          try await outer.execute("INSERT INTO t VALUES (1)")
          await #expect(throws: Planned()) {
            try await outer.withSavepoint { inner in
              #expect(await code { try await outer.execute("SELECT 1") } == .busy)
              #expect(await code { try await transaction.execute("SELECT 1") } == .busy)
              try await inner.withSavepoint { try await $0.execute("INSERT INTO t VALUES (2)") }
              throw Planned()
            }
          }
          try await outer.execute("INSERT INTO t VALUES (3)")
        }
        try await transaction.execute("INSERT INTO t VALUES (4)")
      }
      #expect(try await ids(connection) == [1, 3, 4])
    }
  }

  @Test("whose task is canceled is undone, and the transaction around it goes on in its own task")
  func canceledAlone() async throws {
    try await TestServer.withConnection { observer in
      try await withTable { connection in
        let process = await connection.processID
        try await connection.withTransaction { transaction in
          try await transaction.execute("INSERT INTO t VALUES (1)")
          let task = Task {
            try await transaction.withSavepoint { inner in
              try await inner.execute("INSERT INTO t VALUES (2)")
              try await inner.execute("SELECT pg_sleep(600)")
            }
          }
          try await TestServer.until(
            "EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')",
            on: observer)
          task.cancel()
          await #expect(throws: CancellationError.self) { try await task.value }
          try await transaction.execute("INSERT INTO t VALUES (3)")
        }
        #expect(try await ids(connection) == [1, 3])
      }
    }
  }

  @Test("in a canceled task takes the whole transaction with it and leaves a clean connection")
  func canceledTogether() async throws {
    try await TestServer.withConnection { observer in
      try await withTable { connection in
        let process = await connection.processID
        let task = Task {
          try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO t VALUES (1)")
            try await transaction.withSavepoint { try await $0.execute("SELECT pg_sleep(600)") }
          }
        }
        try await TestServer.until(
          "EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')",
          on: observer)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await ids(connection) == [])
        #expect(await connection.processID == process)
      }
    }
  }
}

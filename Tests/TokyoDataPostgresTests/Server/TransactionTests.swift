import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A transaction")
struct TransactionTests {
  struct Planned: Error, Equatable {}

  @Test("commits what its body did, and rolls back what a throwing body did, whose error is thrown as it is")
  func outcomes() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8)")
      let answer = try await connection.withTransaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (\(1))")
        return 42
      }
      #expect(answer == 42)
      await #expect(throws: Planned()) {
        try await connection.withTransaction { transaction in
          try await transaction.execute("INSERT INTO t VALUES (\(2))")
          throw Planned()
        }
      }
      #expect(try await connection.query("SELECT id FROM t").row(0) == [1])
      #expect(await connection.isReusable)
    }
  }

  @Test("has the level it was given")
  func levels() async throws {
    try await TestServer.withConnection { connection in
      for (level, name, readOnly) in [
        (.readCommitted, "read committed", "off"), (.repeatableRead.readOnly, "repeatable read", "on"),
        (.serializable, "serializable", "off"),
      ] as [(PostgresTransactionLevel, String, String)] {
        let row = try await connection.withTransaction(level) {
          try await $0.query(
            "SELECT current_setting('transaction_isolation') AS a, current_setting('transaction_read_only') AS b"
          ).row(0)
        }
        #expect(row == [.string(name), .string(readOnly)])
      }
    }
  }

  @Test("keeps others out until it ends")
  func exclusive() async throws {
    try await TestServer.withConnection { connection in
      let left = try await connection.withTransaction { transaction in
        #expect(await code { try await connection.execute("SELECT 1") } == .busy)
        return transaction
      }
      #expect(await code { try await left.execute("SELECT 1") } == .busy)
      try await connection.execute("SELECT 1")
    }
  }

  @Test("whose failed statement the body swallowed says that it did not commit")
  func swallowed() async throws {
    try await TestServer.withConnection { connection in
      #expect(
        await code {
          try await connection.withTransaction { transaction in
            _ = try? await transaction.execute("SELECT 1/0")
          }
        } == .transactionAborted)
      #expect(await connection.isReusable)
    }
  }

  @Test("whose session ends before COMMIT is answered has an unknown outcome")
  func unknownOutcome() async throws {
    try await TestServer.withConnection { observer in
      let connection = try await PostgresConnection.connect(TestServer.configuration())
      let process = await connection.processID
      #expect(
        await code {
          try await connection.withTransaction { transaction in
            try await transaction.execute("SELECT 1")
            try await observer.execute("SELECT pg_terminate_backend(\(process))")
            try await TestServer.until(
              "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process))", on: observer)
          }
        } == .outcomeUnknown)
      #expect(await connection.isOpen == false)
    }
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("A deadline", .serialized)
struct DeadlineTests {
  static let short = Duration.milliseconds(50)

  private func withTable(_ body: (PostgresConnection) async throws -> Void) async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMP TABLE t (id int8)")
      let process = await connection.processID
      try await body(connection)
      // What was canceled left the same session clean.
      #expect(await connection.isReusable)
      #expect(await connection.processID == process)
    }
  }

  private func expect(_ ids: [Int64], in connection: PostgresConnection) async throws {
    let found = try await connection.query("SELECT id FROM t ORDER BY id").decode(Int64.self)
    #expect(found == ids)
  }

  /// A call that takes too long, by every way to wait.
  enum SlowCall: CaseIterable, Sendable {
    case query, execute, script, stream, copyOut

    func run(in session: some PostgresSession, timeout: Duration?) async throws {
      switch self {
      case .query: _ = try await session.query("SELECT 1 FROM pg_sleep(600)", timeout: timeout)
      case .execute: try await session.execute("SELECT pg_sleep(600)", timeout: timeout)
      case .script: try await session.execute(script: "SELECT 1; SELECT pg_sleep(600)", timeout: timeout)
      case .stream:
        try await session.withStream("SELECT 1::int8 FROM pg_sleep(600)", timeout: timeout) {
          for try await _ in $0 {}
        }
      case .copyOut:
        let schema = try ColumnSchema([ColumnField("a", .int64)])
        try await session.withCopyOut(
          "SELECT 1::int8 FROM pg_sleep(600)", as: schema, from: [.int8], timeout: timeout
        ) { for try await _ in $0 {} }
      }
    }
  }

  @Test(
    "of a statement in a transaction cancels it, and the transaction changes nothing",
    arguments: SlowCall.allCases)
  func thrown(call: SlowCall) async throws {
    try await withTable { connection in
      #expect(
        await code {
          try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO t VALUES (1)")
            try await call.run(in: transaction, timeout: Self.short)
          }
        } == .deadlineExceeded)
      try await expect([], in: connection)
    }
  }

  @Test(
    "that was missed and swallowed aborts the transaction with a clear error", arguments: SlowCall.allCases)
  func swallowed(call: SlowCall) async throws {
    try await withTable { connection in
      let error = await #expect(throws: PostgresError.self) {
        try await connection.withTransaction { transaction in
          try await transaction.execute("INSERT INTO t VALUES (1)")
          #expect(
            await code { try await call.run(in: transaction, timeout: Self.short) } == .deadlineExceeded)
          #expect(await code { try await transaction.execute("SELECT 1") } == .transactionAborted)
          #expect(
            await code { try await transaction.withSavepoint { _ in } } == .transactionAborted)
        }
      }
      #expect(error?.code == .transactionAborted)
      #expect(error?.message.contains("deadline") == true)
      try await expect([], in: connection)
    }
  }

  @Test("that had passed before the statement was sent aborts the transaction all the same")
  func passed() async throws {
    try await withTable { connection in
      #expect(
        await code {
          try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO t VALUES (1)")
            _ = try? await transaction.execute("INSERT INTO t VALUES (2)", timeout: .zero)
          }
        } == .transactionAborted)
      try await expect([], in: connection)
    }
  }

  @Test("that was missed in a savepoint undoes the savepoint alone", arguments: SlowCall.allCases)
  func savepoint(call: SlowCall) async throws {
    try await withTable { connection in
      try await connection.withTransaction { transaction in
        try await transaction.execute("INSERT INTO t VALUES (1)")
        for swallow in [false, true] {
          #expect(
            await code {
              try await transaction.withSavepoint { inner in
                try await inner.execute("INSERT INTO t VALUES (2)")
                do { try await call.run(in: inner, timeout: Self.short) } catch {
                  if !swallow { throw error }
                }
              }
            } == (swallow ? .transactionAborted : .deadlineExceeded))
        }
        try await transaction.execute("INSERT INTO t VALUES (3)")
      }
      try await expect([1, 3], in: connection)
    }
  }

  @Test("of a whole transaction counts for all its calls, those in savepoints too, and for COMMIT")
  func wholeTransaction() async throws {
    try await withTable { connection in
      for isInSavepoint in [false, true] {
        #expect(
          await code {
            try await connection.withTransaction(timeout: Self.short) { transaction in
              try await transaction.execute("INSERT INTO t VALUES (1)")
              if isInSavepoint {
                try await transaction.withSavepoint { try await $0.execute("SELECT pg_sleep(600)") }
              } else {
                // A longer one of its own changes nothing.
                try await transaction.execute("SELECT pg_sleep(600)", timeout: .seconds(600))
              }
            }
          } == .deadlineExceeded)
      }
      #expect(
        await code {
          try await connection.withTransaction(timeout: Self.short) { transaction in
            try await transaction.execute("INSERT INTO t VALUES (1)")
            while ContinuousClock.now < transaction.deadline ?? .now {}
          }
        } == .deadlineExceeded)
      try await expect([], in: connection)
      try await connection.withTransaction(timeout: .seconds(600)) {
        try await $0.execute("INSERT INTO t VALUES (5)")
      }
      try await expect([5], in: connection)
    }
  }

  @Test("that passes while COMMIT is under way leaves the outcome unknown, and says so")
  func duringCommit() async throws {
    try await withTable { connection in
      try await connection.execute(
        script: """
          CREATE FUNCTION pg_temp.slow() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$;
          CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION pg_temp.slow()
          """)
      var (timeout, outcome) = (Duration.milliseconds(100), PostgresError.Code?.none)
      repeat {
        // On a busy machine the time may be over before COMMIT: once more, with more of it.
        timeout *= 2
        outcome = await code {
          _ = try await connection.withTransaction(timeout: timeout) {
            try await $0.execute("INSERT INTO t VALUES (1)")
          }
        }
      } while outcome == .deadlineExceeded
      #expect(outcome == .outcomeUnknown)
      try await expect([], in: connection)
    }
  }

  @Test("of several calls of a transaction together")
  func together() async throws {
    try await withTable { connection in
      try await connection.withTransaction { transaction in
        #expect(
          await code {
            try await transaction.withSavepoint { inner in
              let hasty = inner.within(Self.short)
              try await hasty.execute("INSERT INTO t VALUES (1)")
              try await hasty.execute("SELECT pg_sleep(600)")
            }
          } == .deadlineExceeded)
        try await transaction.execute("INSERT INTO t VALUES (2)")
      }
      try await expect([2], in: connection)
    }
  }
}

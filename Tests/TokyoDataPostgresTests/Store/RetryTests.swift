import Synchronization
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("A transaction that the server gave up for others")
struct RetryTests {
  struct Planned: Error, Equatable {}

  /// Counts attempts of several tasks.
  final class Attempts: Sendable {
    let count = Mutex(0)
  }

  /// Three more attempts without a pause.
  static var retries: PostgresRetries {
    var retries = PostgresRetries(3)
    retries.firstPause = .zero
    return retries
  }

  static func withAccounts<Result>(_ body: (TestDatabase) async throws -> Result) async throws -> Result {
    try await TestDatabase.with { database in
      try await database.execute(
        "CREATE TABLE accounts (id int8 PRIMARY KEY, n int8); INSERT INTO accounts VALUES (1, 0), (2, 0)")
      return try await body(database)
    }
  }

  @Test("by a deadlock runs again, and both do their work")
  func deadlock() async throws {
    try await Self.withAccounts { database in
      let gates = [Gate(), Gate()]
      let attempts = Attempts()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for me in 0...1 {
          group.addTask {
            try await database.store.withTransaction(retries: Self.retries) { transaction in
              attempts.count.withLock { $0 += 1 }
              try await transaction.execute("UPDATE accounts SET n = n + 1 WHERE id = \(1 + me)")
              gates[me].open()
              try await gates[1 - me].wait()
              try await transaction.execute("UPDATE accounts SET n = n + 1 WHERE id = \(2 - me)")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(attempts.count.withLock { $0 } >= 3)
      #expect(try await database.value("SELECT min(n) FROM accounts") == 2)
      #expect(try await database.value("SELECT max(n) FROM accounts") == 2)
    }
  }

  @Test(
    "by a serialization failure runs again",
    arguments: [.repeatableRead, .serializable] as [PostgresTransactionLevel])
  func serialization(_ level: PostgresTransactionLevel) async throws {
    try await Self.withAccounts { database in
      var attempts = 0
      try await database.store.withTransaction(level: level, retries: Self.retries) { transaction in
        attempts += 1
        let n = try await transaction.query("SELECT n FROM accounts WHERE id = 1").columns[0].integer(0)
        if attempts == 1 { try await database.execute("UPDATE accounts SET n = 10 WHERE id = 1") }
        try await transaction.execute("UPDATE accounts SET n = \(n + 1) WHERE id = 1")
      }
      #expect(attempts == 2)
      #expect(try await database.value("SELECT n FROM accounts WHERE id = 1") == 11)
    }
  }

  @Test("too often says so, with the number of attempts")
  func exhausted() async throws {
    try await Self.withAccounts { database in
      var attempts = 0
      let error = await tokyoError {
        let (store, retries) = (database.store, Self.retries)
        try await store.withTransaction(level: .repeatableRead, retries: retries) { transaction in
          attempts += 1
          _ = try await transaction.query("SELECT n FROM accounts")
          try await database.execute("UPDATE accounts SET n = n + 1 WHERE id = 1")
          try await transaction.execute("UPDATE accounts SET n = 0 WHERE id = 1")
        }
      }
      #expect(attempts == 4)
      #expect(error?.code == .conflict)
      #expect(error?.context.attempts == 4)
      #expect(error.map { PostgresRetries.isConflict($0) } == true)
      let n = try await database.value("SELECT n FROM accounts WHERE id = 1")
      #expect(n == 4)
    }
  }

  @Test("runs once where the session ends during COMMIT: nobody knows whether it did")
  func outcomeUnknown() async throws {
    try await Self.withAccounts { database in
      try await database.withConnection { observer in
        var attempts = 0
        let error = await tokyoError {
          try await database.store.withTransaction(retries: Self.retries) { transaction in
            attempts += 1
            let process = try await transaction.query("SELECT pg_backend_pid()::int8").columns[0].integer(0)
            try await observer.execute("SELECT pg_terminate_backend(\(Int32(process)))")
            try await TestServer.until(
              "NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(Int32(process)))", on: observer)
          }
        }
        #expect(attempts == 1)
        #expect((error?.cause as? PostgresError)?.code == .outcomeUnknown)
      }
    }
  }

  @Test("runs once where the body throws an error of its own, which is thrown as it is")
  func ownError() async throws {
    try await Self.withAccounts { database in
      var attempts = 0
      await #expect(throws: Planned()) {
        try await database.store.withTransaction(retries: Self.retries) { transaction in
          attempts += 1
          try await transaction.execute("UPDATE accounts SET n = 1")
          throw Planned()
        }
      }
      #expect(attempts == 1)
      let n = try await database.value("SELECT max(n) FROM accounts")
      #expect(n == 0)
    }
  }

  @Test("is a conflict by its state alone, and never where the session ended with it")
  func conflicts() {
    for (state, code, isConflict) in [
      (.serializationFailure, .server, true), (.deadlockDetected, .server, true),
      (.uniqueViolation, .server, false), (.serializationFailure, .connectionLost, false),
      (.serializationFailure, .outcomeUnknown, false),
    ] as [(SQLState, PostgresError.Code, Bool)] {
      let server = PostgresServerError(sqlState: state, message: "")
      let error = PostgresError(code, "", cause: server)
      #expect(PostgresRetries.isConflict(error) == isConflict)
      #expect(PostgresRetries.isConflict(TokyoDataError(.conflict, "", cause: error)) == isConflict)
    }
    #expect(!PostgresRetries.isConflict(CancellationError()))
  }

  @Test("waits longer each time, up to a bound, and a random part of it")
  func pauses() {
    var retries = PostgresRetries(3)
    (retries.firstPause, retries.longestPause) = (.milliseconds(10), .milliseconds(50))
    retries.jitter = { 1 }
    #expect([1, 2, 3, 4, 1_000].map(retries.pause) == [10, 20, 40, 50, 50].map { .milliseconds($0) })
    retries.jitter = { 0.5 }
    #expect(retries.pause(after: 2) == .milliseconds(10))
  }

  @Test("and is canceled in its pause ends there")
  func canceledPause() async throws {
    let retries = PostgresRetries(3, clock: ManualClock(Timestamp(microsecondsSince1970: 0)))
    let failed = Gate()
    let task = Task {
      var retries = retries
      retries.jitter = { 1 }
      try await retries.run {
        failed.open()
        throw PostgresError(.server, "", cause: PostgresServerError(sqlState: .deadlockDetected, message: ""))
      }
    }
    try await failed.wait()
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

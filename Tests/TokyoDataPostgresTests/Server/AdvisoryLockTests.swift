import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("An advisory lock")
struct AdvisoryLockTests {
  struct Planned: Error, Equatable {}

  /// A key that no other test has.
  private func key() -> PostgresAdvisoryKey { PostgresAdvisoryKey(Int64.random(in: .min ... .max)) }

  private func isFree(_ key: PostgresAdvisoryKey, _ observer: PostgresConnection) async throws -> Bool {
    try await observer.withTransaction { try await $0.tryLock(key) }
  }

  private func isWaiting(_ process: Int32) -> PostgresStatement {
    "EXISTS (SELECT FROM pg_locks WHERE pid = \(process) AND locktype = 'advisory' AND NOT granted)"
  }

  @Test("is of the number, the pair or the published hash of the name it was given")
  func keys() async throws {
    #expect(PostgresAdvisoryKey("") == PostgresAdvisoryKey(Int64(bitPattern: 0xcbf2_9ce4_8422_2325)))
    #expect(PostgresAdvisoryKey("a") == PostgresAdvisoryKey(Int64(bitPattern: 0xaf63_dc4c_8601_ec8c)))
    #expect(PostgresAdvisoryKey("foobar") == PostgresAdvisoryKey(Int64(bitPattern: 0x8594_4171_f739_67e8)))
    try await TestServer.withConnection { connection in
      for key in [key(), PostgresAdvisoryKey(-1), PostgresAdvisoryKey(-7, .random(in: .min ... .max))] {
        #expect(try await connection.query(key.isHeldHere).row(0) == [.bool(false)])
        try await connection.withAdvisoryLock(key) {
          let held = try await connection.query(key.isHeldHere).row(0)
          #expect(held == [.bool(true)])
        }
        #expect(try await connection.query(key.isHeldHere).row(0) == [.bool(false)])
      }
    }
  }

  @Test("of a transaction keeps others out until it ends, whatever its end")
  func transaction() async throws {
    let key = key()
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        try await connection.withTransaction { transaction in
          try await transaction.lock(key)
          #expect(try await !isFree(key, observer))
        }
        #expect(try await isFree(key, observer))
        await #expect(throws: Planned()) {
          try await connection.withTransaction { transaction in
            #expect(try await transaction.tryLock(key, .shared))
            #expect(try await !isFree(key, observer))
            #expect(try await observer.withTransaction { try await $0.tryLock(key, .shared) })
            throw Planned()
          }
        }
        #expect(try await isFree(key, observer))
      }
    }
  }

  @Test("of a session is given back after an error")
  func error() async throws {
    let key = key()
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        await #expect(throws: Planned()) {
          try await connection.withAdvisoryLock(key) {
            try await connection.withAdvisoryLock(key) {}
            #expect(try await !isFree(key, observer))
            throw Planned()
          }
        }
        let free = try await isFree(key, observer)
        #expect(free)
        #expect(await connection.isReusable)
      }
    }
  }

  @Test("of a session is given back by a canceled task, in its work and while it waits")
  func canceled() async throws {
    let key = key()
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        let working = Task {
          try await connection.withAdvisoryLock(key) { try await connection.execute("SELECT pg_sleep(600)") }
        }
        try await TestServer.until(
          "EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')",
          on: observer)
        working.cancel()
        await #expect(throws: CancellationError.self) { try await working.value }
        #expect(try await isFree(key, observer))
        // A session that could not give its lock back is closed, and would never be seen waiting below.
        try #require(await connection.isReusable)

        try await observer.withAdvisoryLock(key) {
          let waiting = Task { try await connection.withAdvisoryLock(key) {} }
          try await TestServer.until(isWaiting(process), on: observer)
          waiting.cancel()
          await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        #expect(await connection.isReusable)
        #expect(try await connection.query(key.isHeldHere).row(0) == [.bool(false)])
      }
    }
  }

  @Test("that a session cannot give back costs the session")
  func lost() async throws {
    let key = key()
    try await TestServer.withConnection { connection in
      try await connection.withAdvisoryLock(key) {
        try await connection.execute("SELECT pg_advisory_unlock_all()")
      }
      #expect(await connection.isOpen == false)
    }
  }
}

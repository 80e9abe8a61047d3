import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("A deadline of the store's calls")
struct StoreDeadlineTests {
  private static let short = Duration.milliseconds(50)

  private static func withStore(_ body: (PostgresHotStore) async throws -> Void) async throws {
    // Beside hundreds of other tests the first session may come later than a pool waits.
    var pool = PostgresPoolConfiguration(maximumConnections: 1)
    pool.leaseTimeout = nil
    let store = PostgresHotStore(try TestServer.configuration(), pool: pool)
    do {
      try await body(store)
      let one = try await store.query("SELECT 1").row(0)
      #expect(one == [1])
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  @Test("ends a slow statement, alone, in a transaction and in a lent session")
  func statements() async throws {
    try await Self.withStore { store in
      let slow: PostgresStatement = "SELECT 1 FROM pg_sleep(600)"
      for call in [
        { try await store.query(slow, timeout: Self.short) },
        { try await store.execute(slow, timeout: Self.short) },
        {
          try await store.withTransaction(level: .readCommitted) {
            try await $0.query(slow, timeout: Self.short)
          }
        },
        { try await store.withTransaction(timeout: Self.short) { try await $0.execute(slow) } },
        {
          try await store.withTransaction(timeout: Self.short) { tx in
            try await tx.withSavepoint { try await $0.execute(slow) }
          }
        },
        { try await store.withConnection { try await $0.execute(slow, timeout: Self.short) } },
      ] as [() async throws -> Any] {
        #expect(await tokyoError { _ = try await call() }?.code == .timeout)
      }
    }
  }

  @Test("ends a typed write that waits for a lock, and its transaction says why it did not commit")
  func typedWrites() async throws {
    try await EventTable.with { events in
      let dataset = try await events.store.dataset(events.name)
      var builder = ColumnBatchBuilder(dataset.schema)
      try builder.append(row: [1, .timestamp(events.today.start), "x"])
      let rows = try builder.finish()
      try await events.database.withConnection { other in
        try await other.withTransaction { holder in
          try await holder.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
          let error = await tokyoError {
            try await events.store.withTransaction { transaction in
              let writes = transaction.within(Self.short)
              #expect(
                await tokyoError { try await writes.upsert(rows, into: dataset.name) }?.code == .timeout)
            }
          }
          #expect((error?.cause as? PostgresError)?.code == .transactionAborted)
        }
      }
    }
  }

  @Test("counts the wait for a session")
  func lease() async throws {
    try await Self.withStore { store in
      try await store.withConnection { _ in
        #expect(
          await tokyoError { try await store.withTransaction(timeout: Self.short) { _ in } }?.code == .timeout
        )
      }
    }
  }

  @Test("leaves no time for another attempt: the conflict is thrown")
  func retries() async throws {
    var retries = PostgresRetries(1_000_000)
    (retries.firstPause, retries.longestPause, retries.jitter) = (.seconds(60), .seconds(60), { 1 })
    let retrying = retries
    var attempts = 0
    let error = await #expect(throws: PostgresError.self) {
      try await retrying.run(until: .now + .seconds(30)) {
        attempts += 1
        throw PostgresError(.server, "", cause: PostgresServerError(sqlState: .deadlockDetected, message: ""))
      }
    }
    #expect(attempts == 1)
    #expect(error?.code == .server)
  }
}

import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("PostgresHotStore behind a transaction-pooling proxy")
struct PooledConformanceTests {
  @Test("keeps the contract of a hot store", arguments: HotStoreConformance.cases)
  func hotStore(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await PooledHotStore.with { both, database in
      // Two sessions of the server take turns, so what relies on meeting one twice is found out.
      try await PooledSessions(database).open(2)
      try await conformance.run(on: PooledHotStore.Fixture(both: both, database: database))
    }
  }

  @Test("refuses a run, whose lock would be another client's, and begins nothing")
  func runs() async throws {
    try await PooledHotStore.with { both, database in
      try await database.execute("CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL)")
      try await both.direct.install(DatasetProposal(table: "events", timeColumn: "at"))
      let error = await #expect(throws: TokyoDataError.self) {
        try await both.inner.withRun(of: DatasetName("events"), .export) { _ in
          Issue.record("the run began")
        }
      }
      #expect(error?.code == .unsupported)
      #expect(try await database.value("SELECT count(*) FROM tokyo_data.runs") == 0)
      let locks = try await database.value(
        """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """)
      #expect(locks == 0)
    }
  }
}

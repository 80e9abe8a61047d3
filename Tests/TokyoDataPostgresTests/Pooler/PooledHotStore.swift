import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

/// What a service behind a pooler has: rows through the pooler; ledger and exports, which another process
/// does, by the server itself.
struct PooledHotStore: ForwardingHotStore {
  /// Through the pooler.
  let inner: PostgresHotStore
  let direct: PostgresHotStore

  /// Runs `body` with a database behind the pooler, both stores closed whatever happens.
  static func with<Result>(
    _ body: (PooledHotStore, TestDatabase) async throws -> Result
  ) async throws -> Result {
    try await TestDatabase.with(on: .pooler) { database in
      let direct = PostgresHotStore(database.configuration, maximumConnections: 8)
      do {
        let result = try await body(PooledHotStore(inner: database.store, direct: direct), database)
        await direct.close()
        return result
      } catch {
        await direct.close()
        throw error
      }
    }
  }

  /// What the conformance cases test.
  struct Fixture: HotStoreFixture {
    let both: PooledHotStore
    let database: TestDatabase
    var store: any CompleteHotStore { both }

    func install(_ dataset: Dataset) async throws {
      try await database.createTable(of: dataset)
      try await both.install(dataset)
    }

    func today() async throws -> Day { try await database.today() }
  }
}

// MARK: - By the server itself

extension PooledHotStore {
  func install(_ dataset: Dataset) async throws { try await direct.install(dataset) }

  func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result { try await direct.withRun(of: dataset, kind, body) }

  func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result { try await direct.withExportSnapshot(of: dataset, body) }

  func waitForWriters(of dataset: DatasetName, atMost limit: Duration) async throws -> [OpenWriter] {
    try await direct.waitForWriters(of: dataset, atMost: limit)
  }

  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    try await direct.retire(day, of: dataset, version: version, expecting: expected, step: step)
  }

  func retirablePartitions(of dataset: DatasetName, before limit: Day) async throws -> RetirablePartitions {
    try await direct.retirablePartitions(of: dataset, before: limit)
  }

  func retire(
    _ partition: RetirablePartition, of dataset: DatasetName, versions: [VersionRecord],
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> PartitionRetireOutcome {
    try await direct.retire(partition, of: dataset, versions: versions, step: step)
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Migrations of the ledger")
struct MigrationTests {
  /// A database with the ledger of an earlier format.
  private static func withLedger<Result>(
    ofFormat format: Int, _ body: (TestDatabase) async throws -> Result
  ) async throws -> Result {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE a (id int PRIMARY KEY, at date NOT NULL)")
      try await database.execute("CREATE TABLE b (id int PRIMARY KEY, at date NOT NULL)")
      try await migrate(database, steps: Array(LedgerSchema.steps.prefix(format)))
      return try await body(database)
    }
  }

  private static func migrate(_ database: TestDatabase, steps: [PostgresStatement]) async throws {
    try await database.withConnection { connection in
      try await connection.withTransaction {
        try await LedgerMigration(transaction: $0, steps: steps).run()
      }
    }
  }

  private static func format(_ database: TestDatabase) async throws -> ColumnValue {
    try await database.value("SELECT format FROM tokyo_data.ledger")
  }

  private static func hasDetached(_ database: TestDatabase) async throws -> ColumnValue {
    try await database.value("SELECT to_regclass('tokyo_data.detached') IS NOT NULL")
  }

  @Test("bring a ledger of the first format to this one's, keep what it knows, and run each step once")
  func upgrade() async throws {
    try await Self.withLedger(ofFormat: 1) { database in
      #expect(try await Self.format(database) == .int(1))
      #expect(try await Self.hasDetached(database) == .bool(false))
      let id = try await database.value("SELECT id::text FROM tokyo_data.ledger")
      // A step that ran twice would find its table there.
      for _ in 1...2 { try await database.store.migrate() }
      #expect(try await Self.format(database) == .int(Int64(LedgerSchema.format)))
      #expect(try await Self.hasDetached(database) == .bool(true))
      #expect(try await database.value("SELECT id::text FROM tokyo_data.ledger") == id)
    }
  }

  @Test("make a ledger where there is none, so that datasets can be installed")
  func creation() async throws {
    try await Self.withLedger(ofFormat: 0) { database in
      try await database.store.migrate()
      #expect(try await Self.format(database) == .int(Int64(LedgerSchema.format)))
      try await database.store.install(DatasetProposal(table: "a", timeColumn: "at"))
      #expect(try await database.store.datasets().map(\.description) == ["a"])
    }
  }

  @Test("run at once by several processes take turns", arguments: [0, 1])
  func atOnce(format: Int) async throws {
    try await Self.withLedger(ofFormat: format) { database in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for table in ["a", "b"] {
          group.addTask { try await database.store.install(DatasetProposal(table: table, timeColumn: "at")) }
          group.addTask { try await database.store.migrate() }
        }
        try await group.waitForAll()
      }
      #expect(try await Self.format(database) == .int(Int64(LedgerSchema.format)))
      #expect(try await database.store.datasets().map(\.description) == ["a", "b"])
    }
  }

  /// What ends a migration after all of our steps.
  static let interruptions: [PostgresStatement] = [
    "SELECT 1 / 0", "SELECT pg_terminate_backend(pg_backend_pid())",
  ]

  @Test("that end between two steps leave the ledger as it was", arguments: interruptions.indices)
  func interrupted(index: Int) async throws {
    try await Self.withLedger(ofFormat: 1) { database in
      await #expect(throws: (any Error).self) {
        try await Self.migrate(database, steps: LedgerSchema.steps + [Self.interruptions[index]])
      }
      #expect(try await Self.format(database) == .int(1))
      #expect(try await Self.hasDetached(database) == .bool(false))
      try await database.store.migrate()
      #expect(try await Self.format(database) == .int(Int64(LedgerSchema.format)))
    }
  }

  @Test("refuse a ledger of a later release")
  func later() async throws {
    try await EventTable.with { events in
      try await events.execute("UPDATE tokyo_data.ledger SET format = 1000")
      #expect(await tokyoError { try await events.store.migrate() }?.code == .unsupported)
      #expect(await tokyoError { try await events.run() }?.code == .unsupported)
    }
  }

  @Test("that nobody ran are asked for by the first run, and reads go on")
  func earlier() async throws {
    try await EventTable.with { events in
      try await events.execute("DROP TABLE tokyo_data.detached; UPDATE tokyo_data.ledger SET format = 1")
      #expect(await tokyoError { try await events.run() }?.code == .unsupported)
      _ = try await events.coverage()
      try await events.store.migrate()
      try await events.run()
    }
  }
}

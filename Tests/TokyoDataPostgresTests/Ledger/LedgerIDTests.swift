import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("The ledger's id")
struct LedgerIDTests {
  @Test("is that of its table, the same for every store of the database, and stays after migrations")
  func same() async throws {
    try await TestDatabase.with { database in
      try await database.store.migrate()
      let id = try await database.store.ledgerID()
      #expect(.string(id.description) == (try await database.value("SELECT id::text FROM tokyo_data.ledger")))
      try await database.store.migrate()
      let other = PostgresHotStore(database.configuration, maximumConnections: 1)
      #expect(try await other.ledgerID() == id)
      await other.close()
    }
  }

  @Test("is another one in another database")
  func others() async throws {
    let ids = [try await Self.newID(), try await Self.newID()]
    #expect(ids[0] != ids[1])
  }

  private static func newID() async throws -> LedgerID {
    try await TestDatabase.with { database in
      try await database.store.migrate()
      return try await database.store.ledgerID()
    }
  }

  @Test("is asked for once, and an error of the first time is not kept")
  func once() async throws {
    try await TestDatabase.with { database in
      let error = await #expect(throws: TokyoDataError.self) { try await database.store.ledgerID() }
      #expect(error?.code == .unknownDataset)
      try await database.store.migrate()
      let id = try await database.store.ledgerID()
      try await database.execute("DROP SCHEMA tokyo_data CASCADE")
      #expect(try await database.store.ledgerID() == id)
    }
  }
}

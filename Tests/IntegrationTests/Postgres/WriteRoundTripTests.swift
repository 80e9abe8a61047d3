import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Round trips of typed writes")
struct WriteRoundTripTests {
  private struct Item: DatasetRow, Codable {
    var id: Int64
    var note: String

    static let columns: [Column<Item>] = [Column("id", \.id), Column("note", \.note)]
  }

  @Test("each is one statement in its transaction, however many rows it has, once the table is known")
  func statements() async throws {
    try await FaultBed.with { bed in
      let name = "faults_\(UInt64.random(in: .min ... .max))"
      try await bed.observer.execute("CREATE DATABASE \(identifier: name)")
      var configuration = bed.configuration
      configuration.overrides.append(("dbname", name))
      let store = PostgresHotStore(configuration, maximumConnections: 1)
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await Self.count(store, bed)) } catch { outcome = .failure(error) }
      await store.close()
      try await bed.observer.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
      try outcome.get()
    }
  }

  private static func count(_ store: PostgresHotStore, _ bed: FaultBed) async throws {
    let items = try Table("items", of: Item.self, key: \.id)
    try await store.withConnection {
      _ = try await $0.execute("CREATE TABLE items (id bigint PRIMARY KEY, note text NOT NULL)")
    }
    try await store.install(items.dataset)
    let rows = (1...100).map { Item(id: $0, note: "x") }
    let statements = Mutex(0)
    bed.proxy.arm { message, _ in
      // A command on its own, or the execution of one that was sent with parameters.
      if message.sender == .client, message.kind == "Q" || message.kind == "E" {
        statements.withLock { $0 += 1 }
      }
      return .pass
    }
    for (sent, write) in [
      (5, { try await store.insertMany(rows, into: items) }),
      (3, { try await store.withTransaction { try await $0.upsertMany(rows, into: items) } }),
      (
        3,
        {
          try await store.withTransaction {
            try await $0.update(items.batch(of: rows), in: items.dataset.name)
          }
        }
      ),
      (
        3,
        {
          try await store.withTransaction {
            try await $0.delete(items.batch(of: rows), from: items.dataset.name)
          }
        }
      ),
    ] as [(Int, () async throws -> Int)] {
      #expect(try await write() == rows.count)
      #expect(
        statements.withLock { count in
          defer { count = 0 }; return count
        } == sent)
    }
    bed.proxy.disarm()
  }
}

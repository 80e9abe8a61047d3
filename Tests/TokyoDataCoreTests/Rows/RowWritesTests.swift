import Testing
import TokyoDataCore

@Suite("Writes of typed rows")
struct RowWritesTests {
  struct Item: DatasetRow, Codable, Sendable {
    var id: Int64
    var at: Timestamp
    var note: String
    static let columns: [Column<Item>] = [.init("id", \.id), .init("at", \.at), .init("note", \.note)]
  }

  static let instant = Timestamp(microsecondsSince1970: 1_700_000_000_000_000)

  private func items(_ ids: Range<Int>, _ note: String) -> [Item] {
    ids.map { Item(id: Int64($0), at: Self.instant, note: note) }
  }

  private func notes(_ store: InMemoryHotStore, _ table: Table<Item>) async throws -> [String: Int] {
    var notes: [String: Int] = [:]
    let query = try ResolvedQuery(Query(table.dataset.name), for: table.dataset)
    try await store.withSnapshot(of: [table.dataset.name]) { snapshot in
      var merger = ResultMerger(query)
      _ = try await snapshot.read(query, in: [.unbounded]) { try merger.add($0) }
      for item in try merger.finish().decode(Item.self) { notes[item.note, default: 0] += 1 }
    }
    return notes
  }

  @Test("of a store are transactions of their own, however many rows they have")
  func conveniences() async throws {
    let store = InMemoryHotStore(now: { Self.instant })
    let table = try Table("items", of: Item.self, key: \.id, time: \.at)
    try await store.install(table.dataset)
    #expect(try await store.insertMany(items(0..<20_000, "new"), into: table) == 20_000)
    let one = Item(id: 7, at: Self.instant, note: "updated")
    #expect(try await store.update(one, Item(id: -1, at: Self.instant, note: "never"), in: table) == 1)
    try await store.upsert(Item(id: 8, at: Self.instant, note: "replaced"), into: table)
    #expect(try await store.delete(Item(id: 9, at: Self.instant, note: ""), from: table) == 1)
    let written = try await notes(store, table)
    #expect(written == ["new": 19_997, "updated": 1, "replaced": 1])

    // The last row's key is taken: none of the batches before it stays.
    await #expect(throws: TokyoDataError.self) {
      try await store.insertMany(items(30_000..<40_000, "late") + items(0..<1, "late"), into: table)
    }
    let after = try await notes(store, table)
    #expect(after == written)
    let upserted = try await store.withTransaction {
      try await $0.upsertMany(items(0..<10_000, "again"), into: table)
    }
    #expect(upserted == 10_000)
    let last = try await notes(store, table)
    #expect(last == ["new": 10_000, "again": 10_000])
  }
}

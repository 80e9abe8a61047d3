import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Typed writes")
struct WriteTests {
  @Test("a value that the column would cut or round is refused, and never cut by us")
  func nothingIsCut() async throws {
    try await TestDatabase.with { database in
      try await database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, code varchar(3), fixed char(3), mood text)")
      let dataset = try await database.store.install(DatasetProposal(table: "t"))
      for column in 1...2 {
        var row: [ColumnValue] = [1, "abc", "abc", .null]
        row[column] = "abcd"
        let rows = try Self.batch(dataset, [row])
        let error = await tokyoError {
          try await database.store.withTransaction { try await $0.insert(rows, into: dataset.name) }
        }
        #expect(error?.code == .valueOutOfRange)
      }
      #expect(try await database.value("SELECT count(*) FROM t") == 0)
    }
  }

  @Test("rows beyond one statement's parameters arrive in one transaction")
  func manyRows() async throws {
    try await EventTable.with { events in
      let dataset = try await events.store.dataset(events.name)
      let rows = try Self.batch(dataset, (0..<2_500).map { [.int($0), .timestamp(events.today.start), "x"] })
      try await events.store.withTransaction { try await $0.insert(rows, into: dataset.name) }
      try await events.store.withTransaction { try await $0.upsert(rows, into: dataset.name) }
      #expect(try await events.database.value("SELECT count(*) FROM events") == 2_500)
      #expect(try await events.database.value("SELECT count(DISTINCT xmin::text) FROM events") == 1)
    }
  }

  @Test("one upsert with a key twice is the caller's fault")
  func keyTwice() async throws {
    try await EventTable.with { events in
      let dataset = try await events.store.dataset(events.name)
      let row: [ColumnValue] = [1, .timestamp(events.today.start), "x"]
      let rows = try Self.batch(dataset, [row, row])
      let error = await tokyoError {
        try await events.store.withTransaction { try await $0.upsert(rows, into: dataset.name) }
      }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("a delete takes the row of its day only")
  func deleteOfADay() async throws {
    try await EventTable.with { events in
      let dataset = try await events.store.dataset(events.name)
      try await events.insert(1, ago: 2)
      let elsewhere = try Self.batch(dataset, [[1, .timestamp(events.day(ago: 3).start), .null]])
      let deleted = try await events.store.withTransaction {
        try await $0.delete(elsewhere, from: dataset.name)
      }
      #expect(deleted == 0)
      #expect(try await events.ids() == [1])
    }
  }

  private static func batch(_ dataset: Dataset, _ rows: [[ColumnValue]]) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(dataset.schema, capacity: rows.count)
    for row in rows { try builder.append(row: row) }
    return try builder.finish()
  }
}

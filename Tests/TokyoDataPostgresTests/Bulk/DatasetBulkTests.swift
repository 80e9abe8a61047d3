import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Datasets in bulk")
struct DatasetBulkTests {
  private struct Stop: Error {}

  private static func batch(_ ids: Range<Int64>, ago days: Int, _ events: EventTable) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(
      try ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
        ColumnField("note", .string),
      ]))
    for id in ids {
      try builder.append(row: [.int(id), .timestamp(events.day(ago: days).start), .string("\(id)")])
    }
    return try builder.finish()
  }

  private static func batches(
    _ events: EventTable, _ sizes: [Int64], failing: Bool = false
  ) throws -> AsyncThrowingStream<ColumnBatch, any Error> {
    var all: [ColumnBatch] = []
    var next: Int64 = 0
    for (index, size) in sizes.enumerated() {
      all.append(try batch(next..<next + size, ago: index + 1, events))
      next += size
    }
    return AsyncThrowingStream { [all] continuation in
      for batch in all { continuation.yield(batch) }
      continuation.finish(throwing: failing ? Stop() : nil)
    }
  }

  @Test("go in as batches come, small ones by INSERT and then all by COPY, and come out by day")
  func inAndOut() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      let sizes: [Int64] = [10, 0, 2_000, 3_000, 7]
      #expect(try await events.store.copyIn(Self.batches(events, sizes), into: events.name) == 5_017)
      let rows = Mutex([String: Int]())
      try await events.store.copyOut(of: events.name, workers: 2) { part, batches in
        for try await batch in batches {
          #expect(
            (0..<batch.rowCount).allSatisfy { batch.columns[1][$0] == part.day.map { .timestamp($0.start) } })
          rows.withLock { $0[part.name, default: 0] += batch.rowCount }
        }
      }
      let expected = [(1, 10), (3, 2_000), (4, 3_000), (5, 7)].map { ("\(events.day(ago: $0))", $1) }
      #expect(rows.withLock { $0 } == Dictionary(uniqueKeysWithValues: expected))
      let names = Mutex([String]())
      try await events.store.copyOut(
        of: events.name, by: .days(events.day(ago: 3)...events.day(ago: 2))
      ) { part, batches in
        let count = try await batches.reduce(0) { $0 + $1.rowCount }
        names.withLock { $0.append("\(part) \(count)") }
      }
      #expect(
        names.withLock { Set($0) } == ["\(events.day(ago: 3)) 2000", "\(events.day(ago: 2)) 0"])
    }
  }

  @Test("are as they were after an error of the sequence", arguments: [[10, 20], [10, 2_000]] as [[Int64]])
  func sequenceFails(sizes: [Int64]) async throws {
    try await EventTable.with { events in
      await #expect(throws: Stop.self) {
        try await events.store.copyIn(Self.batches(events, sizes, failing: true), into: events.name)
      }
      let ids = try await events.ids()
      #expect(ids.isEmpty)
      #expect(events.store.pool.counts.used == 0)
    }
  }

  @Test("name the day of a part whose values cannot be read")
  func badDay() async throws {
    try await EventTable.with { events in
      try await events.execute("ALTER TABLE events ADD amount numeric")
      try await events.insert(1, ago: 2)
      try await events.execute("UPDATE events SET amount = 'NaN'")
      let schema = try ColumnSchema([
        ColumnField("id", .int64), ColumnField("at", .timestamp), ColumnField("note", .string),
        ColumnField("amount", .decimal(9, 2)),
      ])
      let error = await #expect(throws: TokyoDataError.self) {
        try await events.store.copyOut(table: "events", as: schema, by: .days(of: "at")) { _, batches in
          for try await _ in batches {}
        }
      }
      #expect(error?.code == .valueOutOfRange)
      #expect(error?.context.day == events.day(ago: 2))
      #expect(error?.context.column == "amount")
    }
  }

  private static func readByKey(_ name: DatasetName, of store: PostgresHotStore) async throws -> Int {
    let rows = Mutex(0)
    try await store.copyOut(of: name, by: .keys(of: "id", parts: 10)) { _, batches in
      for try await batch in batches { rows.withLock { $0 += batch.rowCount } }
    }
    return rows.withLock { $0 }
  }

  @Test("are read by several at once, though the pool has fewer sessions than they would like")
  func manyReads() async throws {
    try await EventTable.with { events in
      _ = try await events.store.copyIn(Self.batches(events, [3_000]), into: events.name)
      let store = PostgresHotStore(
        try TestService.plain.configuration(with: ["dbname": events.database.name]), maximumConnections: 3)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<6 { group.addTask { try await Self.readByKey(events.name, of: store) } }
        for try await count in group { #expect(count == 3_000) }
      }
      await store.close()
    }
  }

  @Test("a shared snapshot is not taken over where somebody waits to change the table")
  func waitingChange() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 1)
      try await events.database.withConnection { first in
        let changing = try await first.withTransaction(.repeatableRead.readOnly) { transaction in
          let snapshot = try await SharedSnapshot(of: "events", exportedBy: transaction)
          try await events.insert(2, ago: 1)
          try await events.database.withConnection { other in
            try await other.withTransaction(.repeatableRead.readOnly) { reader in
              let isTaken = try await snapshot.takeOver(by: reader)
              let rows = try await reader.query("SELECT id FROM events")
              #expect(isTaken && rows.rowCount == 1)
            }
          }
          let changing = Task { try await events.execute("ALTER TABLE events ADD more int") }
          try await events.database.withConnection { other in
            try await TestServer.until(
              """
              SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass)
              """, on: other)
            await #expect(throws: PostgresError.self) {
              try await other.withTransaction(.repeatableRead.readOnly) { reader in
                let isTaken = try await snapshot.takeOver(by: reader)
                #expect(!isTaken)
              }
            }
          }
          return changing
        }
        try await changing.value
      }
    }
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("What typed writes know of a table")
struct WriteTargetTests {
  enum Write: CaseIterable, Sendable {
    case insert, copy, upsert, update, delete

    func run(_ events: EventTable, in transaction: any HotTransaction) async throws {
      let rows: ColumnBatch =
        switch self {
        case .insert: try WriteTargetTests.rows(events, [2])
        case .copy: try WriteTargetTests.rows(events, Array(2...1_001))
        default: try WriteTargetTests.rows(events, [1])
        }
      switch self {
      case .insert, .copy: try await transaction.insert(rows, into: events.name)
      case .upsert: try await transaction.upsert(rows, into: events.name)
      case .update: #expect(try await transaction.update(rows, in: events.name) == 1)
      case .delete: #expect(try await transaction.delete(rows, from: events.name) == 1)
      }
    }

    var rowCount: Int { [.insert: 2, .copy: 1_001, .delete: 0][self] ?? 1 }
  }

  private static func rows(
    _ events: EventTable, _ ids: [Int64], ago: Int = 0,
    adding others: [(String, ColumnType, ColumnValue)] = []
  ) throws -> ColumnBatch {
    let fields = [
      ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
      ColumnField("note", .string),
    ]
    var builder = ColumnBatchBuilder(try ColumnSchema(fields + others.map { ColumnField($0.0, $0.1) }))
    for id in ids {
      try builder.append(row: [.int(id), .timestamp(events.day(ago: ago).start), "x"] + others.map(\.2))
    }
    return try builder.finish()
  }

  /// A table with row 1, of which the store knows what it needs to write.
  private static func withKnown(_ body: (EventTable) async throws -> Void) async throws {
    try await EventTable.with { events in
      let row = try rows(events, [1])
      try await events.store.withTransaction { try await $0.insert(row, into: events.name) }
      #expect(events.store.targets.target(of: events.name) != nil)
      try await body(events)
    }
  }

  private static let enumeration: PostgresStatement = """
    CREATE TYPE mood AS ENUM ('x', 'y');
    ALTER TABLE events ALTER COLUMN note TYPE mood USING note::mood
    """

  @Test("may be changed between two writes", arguments: Write.allCases)
  func altered(write: Write) async throws {
    try await Self.withKnown { events in
      try await events.execute(Self.enumeration)
      // By the protocol, whose transaction is tried once.
      let store: any HotStore = events.store
      try await store.withTransaction { try await write.run(events, in: $0) }
      #expect(try await events.ids().count == write.rowCount)
    }
  }

  @Test("may be changed by a key, or a column that the rows have")
  func installedAnew() async throws {
    try await Self.withKnown { events in
      try await events.execute(
        "ALTER TABLE events DROP CONSTRAINT events_pkey, ADD PRIMARY KEY (id, at), ADD COLUMN n bigint")
      try await events.withOtherStore { other in
        try await other.store.install(DatasetProposal(table: "events", timeColumn: "at"))
      }
      let row = try Self.rows(events, [1])
      try await events.store.withTransaction(retries: .none) { try await $0.upsert(row, into: events.name) }
      let wide = try Self.rows(events, [2], adding: [("n", .int64, 7)])
      try await events.execute("ALTER TABLE events RENAME COLUMN n TO m")
      try await events.withOtherStore { other in
        try await other.store.install(DatasetProposal(table: "events", timeColumn: "at"))
      }
      let renamed = try Self.rows(events, [2], adding: [("m", .int64, 7)])
      try await events.store.withTransaction(retries: .none) { transaction in
        _ = try await transaction.query("SELECT 1")
        // Nothing of it is sent, so it may be tried again anywhere.
        try await transaction.insert(renamed, into: events.name)
      }
      #expect(try await events.database.value("SELECT m FROM events WHERE id = 2") == 7)
      let error = await tokyoError {
        try await events.store.withTransaction { try await $0.insert(wide, into: events.name) }
      }
      #expect(error?.code == .unknownColumn)
    }
  }

  @Test("is asked for again at the next write where a transaction had done something before")
  func afterOtherWork() async throws {
    try await Self.withKnown { events in
      try await events.execute(Self.enumeration)
      let row = try Self.rows(events, [2])
      for isSecond in [false, true] {
        let error = await tokyoError {
          try await events.store.withTransaction(retries: .none) { transaction in
            try await transaction.execute("UPDATE events SET note = 'y' WHERE id = 1")
            try await transaction.insert(row, into: events.name)
          }
        }
        #expect((error == nil) == isSecond)
      }
      #expect(try await events.ids() == [1, 2])
    }
  }

  @Test("lets a transaction that began anew go on, all or nothing")
  func goesOn() async throws {
    struct Planned: Error {}
    try await Self.withKnown { events in
      try await events.execute(Self.enumeration)
      let rows = try [Self.rows(events, [2]), Self.rows(events, [3])]
      await #expect(throws: Planned.self) {
        try await events.store.withTransaction(level: .serializable, retries: .none) { transaction in
          for row in rows { try await transaction.insert(row, into: events.name) }
          let level = try await transaction.query("SHOW transaction_isolation").row(0)
          #expect(level == ["serializable"])
          throw Planned()
        }
      }
      #expect(try await events.ids() == [1])
    }
  }

  @Test("is what was committed: changes of a transaction that fails are known to itself alone")
  func uncommitted() async throws {
    struct Planned: Error {}
    try await EventTable.with { events in
      let row = try Self.rows(events, [1])
      await #expect(throws: Planned.self) {
        try await events.store.withTransaction(retries: .none) { transaction in
          try await transaction.execute("CREATE TYPE mood AS ENUM ('x')")
          try await transaction.execute("ALTER TABLE events ALTER COLUMN note TYPE mood USING note::mood")
          try await transaction.insert(row, into: events.name)
          throw Planned()
        }
      }
      #expect(events.store.targets.target(of: events.name) == nil)
      try await events.store.withTransaction { try await $0.insert(row, into: events.name) }
      #expect(try await events.ids() == [1])
    }
  }

  @Test("never hides that a row is only in the lake, by a time column that it had not before")
  func otherTimeColumn() async throws {
    try await EventTable.with(
      created: """
        CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL, note text,
          paid timestamptz NOT NULL DEFAULT now())
        """
    ) { events in
      let paid = ColumnValue.timestamp(events.day(ago: 3).start)
      let row = try Self.rows(events, [1], ago: 2, adding: [("paid", .timestamp, paid)])
      try await events.store.withTransaction { try await $0.insert(row, into: events.name) }
      try await events.withOtherStore { other in
        try await other.store.install(DatasetProposal(table: "events", timeColumn: "paid"))
        try await other.makeCold(ago: 3)
      }
      let error = await tokyoError {
        try await events.store.withTransaction { _ = try await $0.delete(row, from: events.name) }
      }
      #expect(error?.code == .daysUnavailable)
      #expect(error?.context.day == events.day(ago: 3))
    }
  }

  @Test("is bounded, and forgotten when the dataset is installed")
  func bounds() async throws {
    try await Self.withKnown { events in
      let target = try #require(events.store.targets.target(of: events.name))
      try await events.store.install(DatasetProposal(table: "events", timeColumn: "at"))
      #expect(events.store.targets.target(of: events.name) == nil)
      let targets = WriteTargets()
      for number in 0..<1_000 { targets.keep([try DatasetName("d\(number)"): target]) }
      let known = try (0..<1_000).filter { targets.target(of: try DatasetName("d\($0)")) != nil }
      #expect(known.count <= 256 && known.last == 999)
    }
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Partitions of a table")
struct PartitionsTests {
  static let bare: PostgresStatement = """
    CREATE TABLE events (id bigint, at timestamptz NOT NULL, note text DEFAULT 'none' CHECK (note <> 'bad'),
      PRIMARY KEY (id, at)) PARTITION BY RANGE (at)
    """

  /// The structure that the next run compares is the one that is recorded.
  static func requireRecorded(_ events: EventTable) async throws {
    try await events.database.withConnection { connection in
      try await connection.withTransaction { transaction in
        let dataset = try await LedgerReading(session: transaction).dataset(events.name)
        let record = try await StructureRecord(of: dataset.dataset, in: transaction).structure
        let now = try await TableStructure(
          of: TableDescription(dataset.table, in: transaction), timeColumn: "at", in: transaction)
        #expect(record == now)
        #expect(record.map { now.changes(since: $0) } == .init())
      }
    }
  }

  @Test("are made ahead by day, once, with triggers, keys and checks, and the next run sees no change")
  func days() async throws {
    try await EventTable.with(created: Self.bare) { events in
      let partitions = events.store.partitions(of: events.name)
      #expect(try await partitions.list().isEmpty)
      let (first, last) = (events.day(ago: 3), events.day(ago: -2))
      let made = try await partitions.ensure(through: last, from: first)
      #expect(made.map(\.from) == (0..<6).map { first.advanced(by: $0) })
      #expect(made.allSatisfy { $0.until == $0.from?.next })
      #expect(try await partitions.list() == made)
      #expect(try await partitions.ensure(through: last, from: first).isEmpty)
      try await Self.requireRecorded(events)
      try await events.execute("INSERT INTO events (id, at) VALUES (1, \(events.noon(ago: 2)))")
      #expect(try await events.markedDays() == [2])
      #expect(try await events.database.value("SELECT note FROM events") == .string("none"))
      await #expect(throws: (any Error).self) { try await events.insert(2, ago: 2, note: "bad") }
      await #expect(throws: (any Error).self) { try await events.insert(1, ago: 2) }
      try await events.run()
      #expect(try await events.markedDays() == [2])
    }
  }

  @Test("begin today unless said otherwise, by month too, beside those that are there")
  func months() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      let partitions = events.store.partitions(of: events.name)
      let there = try await partitions.list()
      let last = events.day(ago: -70)
      let made = try await partitions.ensure(through: last, by: .month)
      #expect(made.first?.from == there.last?.until)
      #expect(made.last?.until == PartitionUnit.month.end(of: last))
      #expect(zip(made, made.dropFirst()).allSatisfy { $0.until == $1.from })
      try await Self.requireRecorded(events)
    }
  }

  @Test("of date columns have dates as bounds")
  func dates() async throws {
    let table: PostgresStatement =
      "CREATE TABLE events (id bigint, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)"
    try await EventTable.with(created: table) { events in
      let day = try #require(Day("2026-03-01"))
      let made = try await events.store.partitions(of: events.name).ensure(through: day, from: day)
      #expect(made.map(\.name) == ["public.events_p20260301"])
      try await events.execute("INSERT INTO events VALUES (1, '2026-03-01')")
    }
  }

  @Test("are made by two processes at once without an error, each once")
  func atOnce() async throws {
    try await EventTable.with(created: Self.bare) { events in
      let partitions = events.store.partitions(of: events.name)
      let last = events.day(ago: -20)
      let made = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 1...4 { group.addTask { try await partitions.ensure(through: last).count } }
        return try await group.reduce(0, +)
      }
      #expect(made == 21)
      #expect(try await partitions.list().count == 21)
      try await Self.requireRecorded(events)
    }
  }

  @Test("are made while readers and writers are at work")
  func unhindered() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      try await events.database.withConnection { writer in
        try await writer.execute(script: "BEGIN; INSERT INTO events VALUES (1, now()); SELECT FROM events")
        let made = try await events.store.partitions(of: events.name).ensure(through: events.day(ago: -5))
        #expect(made.count == 4)
        try await writer.execute(script: "COMMIT")
      }
    }
  }

  @Test("leave other changes to be found")
  func otherChanges() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      try await events.insert(4, ago: 4)
      try await events.publish(ago: 4)
      try await events.clearMarks()
      try await events.execute("VACUUM FULL \(events.partition(4))")
      try await events.store.partitions(of: events.name).ensure(through: events.day(ago: -5))
      try await events.run()
      #expect(try await events.markedDays() == [4])
    }
  }

  static let refused: [(name: String, sql: PostgresStatement)] = [
    ("not partitioned", "CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL)"),
    ("by another column", "CREATE TABLE events (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (id)"),
    (
      "by two columns", "CREATE TABLE events (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at, id)"
    ),
    (
      "by an expression",
      "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (date_part('epoch', at AT TIME ZONE 'UTC'))"
    ),
    ("by list", "CREATE TABLE events (id bigint, at timestamptz NOT NULL) PARTITION BY LIST (at)"),
    (
      "other bounds than UTC days",
      "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at); CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2026-01-01 00:00+09') TO ('2026-01-02 00:00+09')"
    ),
    (
      "a DEFAULT partition",
      "CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at); CREATE TABLE p PARTITION OF events DEFAULT"
    ),
    (
      "a partition of partitions",
      "CREATE TABLE events (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at); CREATE TABLE p PARTITION OF events FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00') PARTITION BY HASH (id)"
    ),
  ]

  @Test("are refused with a reason where a day has no partition of its own", arguments: refused.indices)
  func refusals(index: Int) async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.refused[index].sql)
      try await database.store.install(DatasetProposal(table: "events", timeColumn: "at"))
      let name = try DatasetName("events")
      let partitions = database.store.partitions(of: name)
      let today = try await database.today()
      let errors = [
        await tokyoError { _ = try await partitions.list() },
        await tokyoError { try await partitions.ensure(through: today) },
      ]
      for error in errors {
        #expect(error?.code == .unsupported, "\(Self.refused[index].name)")
        #expect(error?.context.dataset == name)
      }
      let plan = try await database.store.retirablePartitions(of: name, before: today)
      #expect(plan.partitions.isEmpty && plan.obstacle != nil)
    }
  }

  @Test("are not made without end, nor over another table")
  func unmakable() async throws {
    try await EventTable.with(created: Self.bare) { events in
      let partitions = events.store.partitions(of: events.name)
      let far = await tokyoError { try await partitions.ensure(through: events.day(ago: -5_000)) }
      #expect(far?.code == .invalidArgument)
      let beyond = await tokyoError { try await partitions.ensure(through: Day(daysSince1970: .max)) }
      #expect(beyond?.code == .invalidArgument)
      let day = try #require(Day("2026-03-01"))
      try await events.execute("CREATE TABLE events_p20260301 ()")
      let taken = await tokyoError { try await partitions.ensure(through: day, from: day) }
      #expect(taken?.code == .conflict)
      #expect(try await partitions.list().isEmpty)
    }
  }

  @Test("are dropped when empty and detached when no copy is of their rows; the next run sees no change")
  func goodbye() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      for ago in [4, 5] { try await events.insert(ago, ago: ago) }
      try await events.publish(ago: 5)
      try await events.clearMarks()
      let partitions = events.store.partitions(of: events.name)
      // Those of EventTable are named by their place.
      let (full, copied, empty) = ("events_15", "events_14", "events_13")
      #expect(await tokyoError { try await partitions.drop(full) }?.code == .unsupported)
      #expect(await tokyoError { try await partitions.drop(copied) }?.code == .unsupported)
      let refusal = await tokyoError { try await partitions.detach(copied) }
      #expect(refusal?.code == .unsupported && refusal?.context.day == events.day(ago: 5))
      #expect(await tokyoError { try await partitions.detach("nothing") }?.code == .notFound)
      try await partitions.drop(empty)
      try await partitions.detach(full)
      #expect(try await events.ids() == [5])
      #expect(try await events.database.value("SELECT id FROM \(events.partition(4))") == .int(4))
      try await Self.requireRecorded(events)
      try await events.run()
      #expect(try await events.markedDays().isEmpty)
    }
  }

  @Test("that somebody keeps locked are given up in bounded time")
  func locked() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      let partitions = events.store.partitions(of: events.name)
      let name = try #require(try await partitions.list().last?.name)
      try await events.database.withConnection { reader in
        try await reader.execute(script: "BEGIN; SELECT FROM events")
        #expect(await tokyoError { try await partitions.drop(name) }?.code == .busy)
        try await reader.execute(script: "COMMIT")
      }
      try await partitions.drop(name)
    }
  }
}

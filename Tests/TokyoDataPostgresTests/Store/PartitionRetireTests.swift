import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Retiring a partition")
struct PartitionRetireTests {
  /// Three days with a row each, published.
  static func with(
    created create: PostgresStatement? = nil, _ body: (EventTable, [VersionRecord]) async throws -> Void
  ) async throws {
    try await EventTable.with(created: create ?? table) { events in
      for ago in [4, 5, 6] { try await events.insert(ago, ago: ago) }
      let versions = try await events.publish(ago: 6, 5, 4)
      try await body(events, versions)
    }
  }

  /// Partitions of the days from six days ago on, and none below.
  static let table: PostgresStatement = """
    CREATE TABLE events (id bigint, at timestamptz NOT NULL, note text, PRIMARY KEY (id, at))
      PARTITION BY RANGE (at);
    SET TimeZone = 'UTC';
    DO $$ BEGIN FOR n IN 0..6 LOOP
      EXECUTE format('CREATE TABLE events_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)',
        6 - n, current_date - 6 + n, current_date - 5 + n);
    END LOOP; END $$
    """

  static func partition(_ events: EventTable, _ ago: Int) -> RetirablePartition {
    RetirablePartition(name: "public.events_\(ago)", days: events.day(ago: ago)...events.day(ago: ago))
  }

  @discardableResult
  static func retire(
    _ events: EventTable, _ ago: Int, _ version: VersionRecord,
    step: @escaping @Sendable (RetireStep) -> Void = { _ in }
  ) async throws -> PartitionRetireOutcome {
    try await events.store.retire(partition(events, ago), of: events.name, versions: [version], step: step)
  }

  static func exists(_ events: EventTable, _ ago: Int) async throws -> Bool {
    try await events.database.value("SELECT to_regclass('events_\(unescaped: "\(ago)")') IS NOT NULL")
      == .bool(true)
  }

  @Test("takes it out of the table, makes an overlay partition, and leaves nothing for the next run to find")
  func retired() async throws {
    try await Self.with { events, versions in
      let epoch = try await events.coverage().epoch
      #expect(try await Self.retire(events, 6, versions[0]) == .retired)
      #expect(try await Self.retire(events, 5, versions[1]) == .retired)
      #expect(try await events.ids() == [4])
      let coverage = try await events.coverage()
      #expect(coverage.epoch != epoch)
      #expect([6, 5, 4].map { coverage.state(of: events.day(ago: $0)) } == [.cold, .cold, .both])
      for ago in [6, 5] { #expect(try await !Self.exists(events, ago)) }
      let partitions = try await events.store.partitions(of: events.name).list()
      #expect(partitions.first?.name == "public.events_overlay")
      #expect(partitions.first?.until == events.day(ago: 4))
      #expect(partitions.dropFirst().first?.from == events.day(ago: 4))
      #expect(try await events.database.value("SELECT count(*) FROM tokyo_data.detached") == .int(0))
      try await PartitionsTests.requireRecorded(events)
      try await events.run()
      #expect(try await events.marks().isEmpty)
    }
  }

  @Test("sends late rows of its days to the overlay partition, with a mark, and keeps them there")
  func lateRows() async throws {
    try await Self.with { events, versions in
      try await Self.retire(events, 6, versions[0])
      try await events.insert(60, ago: 6)
      try await events.insert(90, ago: 9)
      #expect(
        try await events.database.value("SELECT array_agg(id ORDER BY id)::text FROM events_overlay")
          == .string("{60,90}"))
      #expect(try await events.markedDays() == [6, 9])
      #expect(
        await sqlState { try await events.execute("DELETE FROM events WHERE id = 60") }
          == DatasetTriggers.State.overlayRowMustStay)
      // The next one widens the overlay partition with its rows.
      #expect(try await Self.retire(events, 5, versions[1]) == .retired)
      #expect(try await events.ids() == [4, 60, 90])
      try await PartitionsTests.requireRecorded(events)
      try await events.run()
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .cold)
    }
  }

  @Test("of a month with an empty day takes all of its days at once")
  func month() async throws {
    let table: PostgresStatement = """
      CREATE TABLE events (id bigint, at timestamptz NOT NULL, note text, PRIMARY KEY (id, at))
        PARTITION BY RANGE (at);
      SET TimeZone = 'UTC';
      CREATE TABLE whole PARTITION OF events FOR VALUES FROM (current_date - 7) TO (current_date - 3);
      CREATE TABLE rest PARTITION OF events FOR VALUES FROM (current_date - 3) TO (MAXVALUE)
      """
    try await Self.with(created: table) { events, versions in
      let plan = try await events.store.retirablePartitions(of: events.name, before: events.day(ago: 1))
      #expect(plan.obstacle == nil)
      #expect(plan.partitions.map(\.name) == ["public.whole"])
      #expect(plan.partitions.first?.days == events.day(ago: 7)...events.day(ago: 4))
      let outcome = try await events.store.retire(
        plan.partitions[0], of: events.name, versions: versions, step: { _ in })
      #expect(outcome == .retired)
      #expect(try await events.ids().isEmpty)
      #expect(try await events.coverage().days.values.allSatisfy { $0.state == .cold })
    }
  }

  @Test("is planned for partitions before the limit only, oldest first")
  func plan() async throws {
    try await Self.with { events, _ in
      let plan = try await events.store.retirablePartitions(of: events.name, before: events.day(ago: 4))
      #expect(plan.partitions == [Self.partition(events, 6), Self.partition(events, 5)])
      #expect(plan.obstacle == nil)
    }
  }

  static let obstacles: [PostgresStatement] = [
    "CREATE VIEW reads AS SELECT * FROM events_6",
    "CREATE TABLE child (id bigint, at timestamptz, FOREIGN KEY (id, at) REFERENCES events)",
    "CREATE TABLE other PARTITION OF events DEFAULT",
  ]

  @Test("is not planned where it would break something, and the reason is told", arguments: obstacles.indices)
  func planned(index: Int) async throws {
    try await Self.with { events, _ in
      try await events.execute(Self.obstacles[index])
      let plan = try await events.store.retirablePartitions(of: events.name, before: events.day(ago: 4))
      #expect(plan.partitions.isEmpty)
      #expect(plan.obstacle != nil)
    }
  }

  @Test("is stopped by a mark that comes before its lock, and changes nothing")
  func marked() async throws {
    try await Self.with { events, versions in
      try await events.database.withConnection { writer in
        try await writer.execute(script: "BEGIN")
        try await writer.execute("INSERT INTO events VALUES (61, \(events.noon(ago: 6)))")
        async let outcome = Self.retire(events, 6, versions[0])
        try await Self.untilLockIsWaitedFor(events)
        try await writer.execute(script: "COMMIT")
        #expect(try await outcome == .marked([events.day(ago: 6)]))
      }
      #expect(try await events.ids() == [4, 5, 6, 61])
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .both)
      #expect(try await events.store.partitions(of: events.name).list().first?.name == "public.events_6")
    }
  }

  @Test("waits for a reader that began before, who sees all rows to its end")
  func reader() async throws {
    try await Self.with { events, versions in
      try await events.database.withConnection { reader in
        try await reader.execute(
          script:
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE ONLY events IN ACCESS SHARE MODE")
        let before = try await reader.query("SELECT count(*) FROM events").row(0)
        async let outcome = Self.retire(events, 6, versions[0])
        try await Self.untilLockIsWaitedFor(events)
        #expect(try await reader.query("SELECT count(*) FROM events").row(0) == before)
        #expect(before == [.int(3)])
        try await reader.execute(script: "COMMIT")
        #expect(try await outcome == .retired)
      }
    }
  }

  private static func untilLockIsWaitedFor(_ events: EventTable) async throws {
    try await events.database.withConnection { observer in
      try await TestServer.until(
        "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')",
        on: observer)
    }
  }

  @Test("refuses another version, another order, and days that are not both")
  func conflicts() async throws {
    try await Self.with { events, versions in
      var other = versions[0]
      other.id = VersionID(at: other.exportedAt)
      #expect(await tokyoError { try await Self.retire(events, 6, other) }?.code == .conflict)
      #expect(await tokyoError { try await Self.retire(events, 5, versions[1]) }?.code == .conflict)
      let none = await tokyoError {
        _ = try await events.store.retire(
          Self.partition(events, 6), of: events.name, versions: [], step: { _ in })
      }
      #expect(none?.code == .conflict)
      #expect(try await events.ids() == [4, 5, 6])
      try await PartitionsTests.requireRecorded(events)
    }
  }

  @Test("refuses a column that is not exported")
  func lostColumn() async throws {
    try await Self.with { events, versions in
      try await events.execute("ALTER TABLE events ADD COLUMN extra int")
      let error = await tokyoError { try await Self.retire(events, 6, versions[0]) }
      #expect(error?.code == .unsupported && error?.context.column == "extra")
    }
  }

  @Test("is given up in bounded time where a reader stays")
  func busy() async throws {
    try await Self.with { events, versions in
      try await events.database.withConnection { reader in
        try await reader.execute(script: "BEGIN; SELECT FROM events")
        #expect(await tokyoError { try await Self.retire(events, 6, versions[0]) }?.code == .busy)
        try await reader.execute(script: "COMMIT")
      }
      #expect(try await Self.retire(events, 6, versions[0]) == .retired)
    }
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// What a detached partition that is not proven becomes: proven by the next run, or settled by a person.
@Suite("A detached partition")
struct DetachedTests {
  /// A table with three days in one partition, of which the middle one was changed behind the triggers' back.
  private static func withSuspect(
    _ body: (EventTable, [VersionRecord]) async throws -> Void
  ) async throws {
    let table: PostgresStatement = """
      CREATE TABLE events (id bigint, at timestamptz NOT NULL, note text, PRIMARY KEY (id, at))
        PARTITION BY RANGE (at);
      SET TimeZone = 'UTC';
      CREATE TABLE old PARTITION OF events FOR VALUES FROM (current_date - 6) TO (current_date - 3);
      CREATE TABLE new PARTITION OF events FOR VALUES FROM (current_date - 3) TO (MAXVALUE)
      """
    try await PartitionRetireTests.with(created: table) { events, versions in
      try await events.execute("SET tokyo_data.quiet = on; UPDATE events SET note = 'behind' WHERE id = 5")
      let partition = RetirablePartition(
        name: "public.old", days: events.day(ago: 6)...events.day(ago: 4))
      let outcome = try await events.store.retire(
        partition, of: events.name, versions: versions, step: { _ in })
      #expect(outcome == .differs([events.day(ago: 5)]))
      try await body(events, versions)
    }
  }

  private static func states(_ events: EventTable) async throws -> [DayState] {
    let coverage = try await events.coverage()
    return [6, 5, 4].map { coverage.state(of: events.day(ago: $0)) }
  }

  private static func resolve(
    _ events: EventTable, _ ago: Int, keeping side: SuspectResolution
  ) async throws {
    try await events.store.withRun(of: events.name, .resolve) {
      try await $0.resolve(events.day(ago: ago), keeping: side)
    }
  }

  @Test("that differs stays, its day is suspect, and no other partition follows")
  func differs() async throws {
    try await Self.withSuspect { events, _ in
      #expect(try await Self.states(events) == [.cold, .suspect, .cold])
      #expect(try await events.database.value("SELECT count(*) FROM old") == .int(3))
      #expect(try await events.ids().isEmpty)
      for _ in 1...2 { try await events.run() }
      #expect(try await Self.states(events) == [.cold, .suspect, .cold])
      let plan = try await events.store.retirablePartitions(of: events.name, before: events.today)
      #expect(plan.partitions.isEmpty && plan.obstacle != nil)
    }
  }

  @Test("comes back when hot is right, with what came late, and the proven days are both")
  func keepsHot() async throws {
    try await Self.withSuspect { events, versions in
      try await events.insert(6, ago: 6, note: "late")
      try await events.insert(50, ago: 5)
      try await Self.resolve(events, 5, keeping: .hot)
      #expect(try await Self.states(events) == [.both, .hot, .both])
      #expect(try await events.ids() == [4, 5, 6, 50])
      #expect(
        try await events.database.value("SELECT string_agg(note, ',' ORDER BY id) FROM old")
          == .string(",behind,late,"))
      #expect(try await events.database.value("SELECT count(*) FROM events_overlay") == .int(0))
      let first = try await events.store.partitions(of: events.name).list().prefix(2)
      #expect(first.map(\.name) == ["public.events_overlay", "public.old"])
      #expect(first.map(\.until) == [events.day(ago: 6), events.day(ago: 3)])
      #expect(try await events.database.value("SELECT count(*) FROM tokyo_data.detached") == .int(0))
      let unused = try await events.store.versions(of: events.name).filter { $0.state == .unused }
      #expect(unused.map(\.id) == [versions[1].id])
      try await PartitionsTests.requireRecorded(events)
      try await events.run()
      #expect(try await events.markedDays() == [6, 5])
    }
  }

  @Test("goes when the copy is right, and what came late stays in hot")
  func keepsCopy() async throws {
    try await Self.withSuspect { events, _ in
      try await events.insert(50, ago: 5)
      try await Self.resolve(events, 5, keeping: .copy)
      #expect(try await Self.states(events) == [.cold, .cold, .cold])
      #expect(try await events.ids() == [50])
      #expect(try await events.database.value("SELECT to_regclass('old') IS NULL") == .bool(true))
      #expect(try await events.database.value("SELECT count(*) FROM tokyo_data.detached") == .int(0))
      try await events.run()
      #expect(try await Self.states(events) == [.cold, .cold, .cold])
    }
  }

  @Test("with rows of a day that has no copy can only come back")
  func uncopied() async throws {
    try await PartitionRetireTests.with { events, versions in
      // A writer of the day itself left no mark, and committed after the export looked.
      try await events.execute("DELETE FROM tokyo_data.coverage WHERE day = \(events.day(ago: 6))")
      let outcome = try await events.store.retire(
        PartitionRetireTests.partition(events, 6), of: events.name, versions: [], step: { _ in })
      #expect(outcome == .differs([events.day(ago: 6)]))
      let error = await tokyoError { try await Self.resolve(events, 6, keeping: .copy) }
      #expect(error?.code == .conflict && error?.context.day == events.day(ago: 6))
      try await Self.resolve(events, 6, keeping: .hot)
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .hot)
      #expect(try await events.ids() == [4, 5, 6])
    }
  }

  /// Cancels a retirement at a step: its transaction rolls back there, as a killed process's does.
  private static func killed(_ events: EventTable, _ version: VersionRecord, at step: RetireStep) async {
    await #expect(throws: (any Error).self) {
      try await withThrowingTaskGroup(of: PartitionRetireOutcome.self) { group in
        group.addTask {
          try await PartitionRetireTests.retire(events, 6, version) { reached in
            if reached == step { withUnsafeCurrentTask { $0?.cancel() } }
          }
        }
        _ = try await group.next()
      }
    }
  }

  @Test("whose retirement ended before the DETACH's commit is a partition as before")
  func beforeDetachCommit() async throws {
    try await PartitionRetireTests.with { events, versions in
      await Self.killed(events, versions[0], at: .beforeDetachCommit)
      #expect(try await events.ids() == [4, 5, 6])
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .both)
      try await PartitionsTests.requireRecorded(events)
      #expect(try await PartitionRetireTests.retire(events, 6, versions[0]) == .retired)
    }
  }

  @Test(
    "whose retirement ended after the DETACH is proven and dropped by the next run",
    arguments: [RetireStep.detached, .beforeDrop], [RunKind.retire, .export])
  func finished(step: RetireStep, kind: RunKind) async throws {
    try await PartitionRetireTests.with { events, versions in
      await Self.killed(events, versions[0], at: step)
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .cold)
      #expect(try await PartitionRetireTests.exists(events, 6))
      try await events.insert(60, ago: 6)
      try await events.store.withRun(of: events.name, kind) { _ in }
      #expect(try await !PartitionRetireTests.exists(events, 6))
      #expect(try await events.database.value("SELECT count(*) FROM tokyo_data.detached") == .int(0))
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .cold)
      #expect(try await events.ids() == [4, 5, 60])
    }
  }

  /// What a person or program may do to a detached table before it is proven.
  static let accidents: [PostgresStatement] = [
    "INSERT INTO events_6 SELECT 66, at, note FROM events_6", "DELETE FROM events_6", "DROP TABLE events_6",
    "ALTER TABLE events_6 RENAME TO mine",
    "INSERT INTO events_6 SELECT id, at - interval '9 days' FROM events_6",
    "CREATE TABLE parent (LIKE events) PARTITION BY RANGE (at); ALTER TABLE parent ATTACH PARTITION events_6 FOR VALUES FROM (MINVALUE) TO (MAXVALUE)",
  ]

  @Test("that is touched before it is proven is suspect, never dropped", arguments: accidents.indices)
  func touched(index: Int) async throws {
    try await PartitionRetireTests.with { events, versions in
      await Self.killed(events, versions[0], at: .detached)
      try await events.execute(Self.accidents[index])
      for _ in 1...2 { try await events.run() }
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .suspect)
      #expect(try await events.database.value("SELECT count(*) FROM tokyo_data.detached") == .int(1))
    }
  }

  @Test("of another owner is neither planned nor dropped, and the run goes on")
  func anotherOwner() async throws {
    try await PartitionRetireTests.with { events, versions in
      await Self.killed(events, versions[0], at: .detached)
      // A role that every server has; it may write the ledger, and owns no table.
      try await events.execute(
        """
        GRANT USAGE ON SCHEMA tokyo_data TO pg_monitor;
        GRANT ALL ON ALL TABLES IN SCHEMA tokyo_data TO pg_monitor;
        GRANT SELECT ON events TO pg_monitor
        """)
      var configuration = events.database.configuration
      configuration.overrides.append(("options", "-c role=pg_monitor"))
      let store = PostgresHotStore(configuration, maximumConnections: 2)
      try await store.withRun(of: events.name, .verify) { _ in }
      let plan = try await store.retirablePartitions(of: events.name, before: events.today)
      await store.close()
      #expect(plan.partitions.isEmpty)
      #expect(plan.obstacle?.contains("own") == true)
      #expect(try await PartitionRetireTests.exists(events, 6))
      #expect(try await events.coverage().state(of: events.day(ago: 6)) == .cold)
    }
  }

  @Test("that somebody keeps locked is left to the next run")
  func locked() async throws {
    try await PartitionRetireTests.with { events, versions in
      await Self.killed(events, versions[0], at: .detached)
      try await events.database.withConnection { reader in
        try await reader.execute(script: "BEGIN; SELECT FROM events_6")
        try await events.run()
        #expect(try await PartitionRetireTests.exists(events, 6))
        try await reader.execute(script: "COMMIT")
      }
      try await events.run()
      #expect(try await !PartitionRetireTests.exists(events, 6))
    }
  }
}

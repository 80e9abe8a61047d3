import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Snapshots")
struct SnapshotTests {
  @Test("DETACH and DROP wait for a snapshot that is open, and it reads every row")
  func lockThenLook() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      for ago in [3, 4, 5] { try await events.insert(ago, ago: ago) }
      let query = try ResolvedQuery(
        Query(events.name).select(.count), for: try await events.store.dataset(events.name))
      try await events.store.withSnapshot(of: [events.name]) { snapshot in
        for change in [
          "SET lock_timeout = '100ms'; ALTER TABLE events DETACH PARTITION \(events.partition(4))",
          "SET lock_timeout = '100ms'; DROP TABLE \(events.partition(4))",
          "SET lock_timeout = '100ms'; ALTER TABLE events ALTER note TYPE varchar",
        ] as [PostgresStatement] {
          let state = await sqlState { try await events.execute(change) }
          #expect(state == "55P03")
        }
        var merger = ResultMerger(query)
        _ = try await snapshot.read(query, in: [.unbounded]) { try merger.add($0) }
        let answer = try merger.finish()
        #expect(answer.row(0) == [3])
      }
      try await events.execute("DROP TABLE \(events.partition(4))")
      #expect(try await events.ids() == [3, 5])
    }
  }

  @Test("an export waits for DDL and is waited for, partitions included")
  func exportLocks() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      try await events.insert(1, ago: 4)
      try await events.store.withExportSnapshot(of: events.name) { snapshot in
        let truncate: PostgresStatement = "SET lock_timeout = '100ms'; TRUNCATE \(events.partition(4))"
        let state = await sqlState { try await events.execute(truncate) }
        #expect(state == "55P03")
        let days = try await snapshot.finishedDays()
        #expect(days == [events.day(ago: 4): 1])
      }
    }
  }

  @Test("a table that got another name, or whose name another table got, is found by the next query")
  func renamed() async throws {
    try await EventTable.with { events in
      let query = try ResolvedQuery(
        Query(events.name).select(.count), for: try await events.store.dataset(events.name))
      func count() async throws -> [ColumnValue] {
        try await events.store.withSnapshot(of: [events.name]) { snapshot in
          var merger = ResultMerger(query)
          _ = try await snapshot.read(query, in: [.unbounded]) { try merger.add($0) }
          return try merger.finish().row(0)
        }
      }
      try await events.insert(1, ago: 1)
      #expect(try await count() == [1])
      try await events.execute("ALTER TABLE events RENAME TO occurrences")
      await #expect(throws: TokyoDataError.self) { try await count() }
      try await events.execute(
        "UPDATE tokyo_data.datasets SET source_table = replace(source_table, 'events', 'occurrences')")
      #expect(try await count() == [1])
      // An empty table with the name that the store remembers; the ledger means the other.
      try await events.execute("ALTER TABLE occurrences RENAME TO events")
      try await events.execute("CREATE TABLE occurrences (LIKE events INCLUDING ALL)")
      try await events.execute(
        "UPDATE tokyo_data.datasets SET source_table = replace(source_table, 'occurrences', 'events')")
      #expect(try await count() == [1])
    }
  }

  @Test("coverage that is remembered is the ledger's of the snapshot")
  func rememberedCoverage() async throws {
    try await EventTable.with { events in
      func states() async throws -> [DayState] {
        try await events.store.withSnapshot(of: [events.name]) { snapshot in
          let coverage = try await snapshot.coverage(of: events.name)
          let epoch = try await events.coverage().epoch
          #expect(coverage.epoch == epoch)
          return [5, 4].map { coverage.state(of: events.day(ago: $0)) }
        }
      }
      for ago in [4, 5] { try await events.insert(ago, ago: ago) }
      #expect(try await states() == [.hot, .hot])
      try await events.publish(ago: 5)
      #expect(try await states() == [.both, .hot])
      try await events.makeCold(ago: 4)
      #expect(try await states() == [.both, .cold])
      try await events.store.withRun(of: events.name, .verify) {
        try await $0.declareSuspect(events.day(ago: 5))
      }
      #expect(try await states() == [.suspect, .cold])
      try await events.store.withRun(of: events.name, .resolve) {
        try await $0.resolve(events.day(ago: 5), keeping: .hot)
      }
      #expect(try await states() == [.hot, .cold])
    }
  }

  @Test("a definition that is remembered is the ledger's of the snapshot")
  func rememberedDefinition() async throws {
    try await EventTable.with { events in
      func columns() async throws -> [String] {
        try await events.store.withSnapshot(of: [events.name]) { snapshot in
          try await snapshot.dataset(events.name).schema.fields.map(\.name)
        }
      }
      let before = try await columns()
      try await events.execute("ALTER TABLE events ADD COLUMN colour text")
      #expect(try await columns() == before)
      try await events.withOtherStore { other in
        try await other.store.install(DatasetProposal(table: "events", timeColumn: "at"))
      }
      #expect(try await columns() == before + ["colour"])
    }
  }

  @Test("what is remembered of datasets is bounded")
  func bounds() throws {
    let known = KnownDatasets()
    let names = try (0..<1_000).map { try DatasetName("d\($0)") }
    for name in names { known.keep(Coverage(epoch: 1), of: name) }
    let kept = names.filter { known.coverage(of: $0) != nil }
    #expect(kept.count <= 256 && kept.last == names.last)
  }

  @Test("row security that would hide rows is an error at export")
  func rowSecurity() async throws {
    try await EventTable.with { events in
      let role = "tokyo_test_role_\(UInt64.random(in: .min ... .max))"
      try await events.insert(1, ago: 4)
      try await events.execute(
        """
        CREATE ROLE \(identifier: role) LOGIN; GRANT USAGE ON SCHEMA tokyo_data TO \(identifier: role);
        GRANT SELECT ON ALL TABLES IN SCHEMA tokyo_data TO \(identifier: role);
        ALTER TABLE events OWNER TO \(identifier: role); ALTER TABLE events ENABLE ROW LEVEL SECURITY;
        ALTER TABLE events FORCE ROW LEVEL SECURITY;
        CREATE POLICY latest ON events USING (id > 1)
        """)
      var configuration = events.database.configuration
      configuration.overrides += [("user", role)]
      let store = PostgresHotStore(configuration)
      let error = await tokyoError {
        try await store.withExportSnapshot(of: events.name) { _ = try await $0.finishedDays() }
      }
      await store.close()
      try await events.execute("DROP OWNED BY \(identifier: role) CASCADE; DROP ROLE \(identifier: role)")
      #expect(error?.code == .permissionDenied)
    }
  }

  @Test("open writers are named, VACUUM is none")
  func writers() async throws {
    try await EventTable.with { events in
      #expect(try await events.store.waitForWriters(of: events.name, atMost: .zero).isEmpty)
      try await events.database.withConnection { connection in
        try await connection.execute(script: "BEGIN; INSERT INTO events VALUES (1, now())")
        let writers = try await events.store.waitForWriters(of: events.name, atMost: .milliseconds(50))
        #expect(writers == [OpenWriter(processID: Int(await connection.processID))])
        try await connection.execute(
          script: "ROLLBACK; BEGIN; LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE")
        #expect(try await events.store.waitForWriters(of: events.name, atMost: .zero).isEmpty)
        try await connection.execute(script: "ROLLBACK")
      }
    }
  }
}

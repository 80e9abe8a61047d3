import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// What no trigger sees, the next run finds.
@Suite("Changes of a table's structure")
struct StructureTests {
  /// Changes, and the days (ago), of 3, 4 and 5 that are exported, that they concern.
  static let changes: [(name: String, sql: @Sendable (EventTable) -> PostgresStatement, days: Set<Int>)] = [
    ("nothing", { _ in "ANALYZE events" }, []),
    ("TRUNCATE of a partition", { "TRUNCATE \($0.partition(4))" }, [4]),
    ("DROP of a partition", { "DROP TABLE \($0.partition(4))" }, [4]),
    ("DETACH", { "ALTER TABLE events DETACH PARTITION \($0.partition(5))" }, [5]),
    (
      "a later partition",
      { _ in "CREATE TABLE more PARTITION OF events FOR VALUES FROM ('2999-01-01') TO ('2999-01-02')" }, []
    ),
    ("ALTER TYPE", { _ in "ALTER TABLE events ALTER note TYPE varchar" }, [3, 4, 5]),
    ("ADD COLUMN", { _ in "ALTER TABLE events ADD COLUMN c int DEFAULT 7" }, [3, 4, 5]),
    ("a disabled trigger", { _ in "ALTER TABLE events DISABLE TRIGGER tokyo_data_update" }, [3, 4, 5]),
    (
      "a trigger disabled for a while",
      { _ in
        "ALTER TABLE events DISABLE TRIGGER tokyo_data_insert; ALTER TABLE events ENABLE ALWAYS TRIGGER tokyo_data_insert"
      }, [3, 4, 5]
    ),
    ("a dropped trigger", { _ in "DROP TRIGGER tokyo_data_truncate ON events" }, [3, 4, 5]),
    (
      "a trigger disabled on a partition",
      { "ALTER TABLE \($0.partition(3)) DISABLE TRIGGER tokyo_data_update" }, [3]
    ),
    ("a rewrite", { "VACUUM FULL \($0.partition(3))" }, [3]),
  ]

  @Test("mark the exported days they concern, and no others", arguments: changes.indices)
  func marked(index: Int) async throws {
    let change = Self.changes[index]
    try await EventTable.with(created: EventTable.partitioned) { events in
      for ago in [3, 4, 5, 6] { try await events.insert(ago, ago: ago) }
      try await events.publish(ago: 3, 4, 5)
      try await events.clearMarks()
      try await events.execute(change.sql(events))
      try await events.run()
      let marks = try await events.coverage().marked
      #expect(marks == Set(change.days.map { events.day(ago: $0) }), "\(change.name)")
      try await events.database.withConnection { connection in
        let byWriters = try await connection.query("SELECT count(*) FROM tokyo_data.marks WHERE xid <> '0'")
        #expect(byWriters.row(0) == [0])
      }
    }
  }

  @Test("are noticed by the first run and not again by the next")
  func once() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      try await events.insert(1, ago: 4)
      try await events.publish(ago: 4)
      try await events.execute("TRUNCATE \(events.partition(4))")
      try await events.run()
      try await events.clearMarks()
      try await events.run()
      #expect(try await events.coverage().marked.isEmpty)
    }
  }

  @Test("ATTACH with rows marks the days of its bounds")
  func attach() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      try await events.insert(1, ago: 4)
      try await events.publish(ago: 4)
      try await events.execute(
        """
        ALTER TABLE events DETACH PARTITION \(events.partition(4));
        INSERT INTO \(events.partition(4)) VALUES (2, \(events.noon(ago: 4)));
        ALTER TABLE events ATTACH PARTITION \(events.partition(4))
          FOR VALUES FROM ('\(unescaped: "\(events.day(ago: 4))")') TO ('\(unescaped: "\(events.day(ago: 3))")')
        """)
      #expect(try await events.coverage().marked.isEmpty)
      try await events.run()
      #expect(try await events.coverage().marked == [events.day(ago: 4)])
    }
  }

  static let bounds: [(text: String, range: TimeRange)] = [
    ("FOR VALUES FROM ('2024-01-02 00:00:00+00') TO ('2024-01-03 00:00:00+00')", days(19_724, 19_725)),
    ("FOR VALUES FROM ('2024-01-02') TO ('2024-01-03')", days(19_724, 19_725)),
    ("FOR VALUES FROM ('2024-01-02 00:00:00') TO (MAXVALUE)", days(19_724, nil)),
    ("FOR VALUES FROM (MINVALUE) TO ('2024-01-03 00:00:00+00')", days(nil, 19_725)),
    ("DEFAULT", .unbounded), ("", .unbounded), ("FOR VALUES IN ('2024-01-02')", .unbounded),
    ("FOR VALUES FROM ('0044-03-15 00:00:00+00 BC') TO ('2024-01-03 00:00:00+00')", .unbounded),
  ]

  @Test("bounds are read as the server prints them", arguments: bounds)
  func readsBounds(text: String, range: TimeRange) {
    #expect(TableStructure.range(of: text) == range)
  }

  private static func days(_ from: Int32?, _ until: Int32?) -> TimeRange {
    TimeRange(
      from: from.map { Day(daysSince1970: $0).start }, until: until.map { Day(daysSince1970: $0).start })
  }
}

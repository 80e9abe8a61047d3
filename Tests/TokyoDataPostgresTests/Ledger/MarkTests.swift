import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Marks")
struct MarkTests {
  /// Each way of writing, the days (ago) that it must mark.
  ///
  /// The table holds row 1 of 3 days ago and row 9 of today; its marks are gone.
  static let ways: [(name: String, sql: @Sendable (EventTable) -> PostgresStatement, days: Set<Int>)] = [
    ("insert", { "INSERT INTO events VALUES (2, \($0.noon(ago: 4)))" }, [4]),
    (
      "insert of several days",
      { "INSERT INTO events VALUES (2, \($0.noon(ago: 4))), (3, \($0.noon(ago: 5)))" }, [4, 5]
    ),
    ("update", { _ in "UPDATE events SET note = 'x' WHERE id = 1" }, [3]),
    ("update across days", { "UPDATE events SET at = \($0.noon(ago: 6)) WHERE id = 1" }, [3, 6]),
    ("update into today", { "UPDATE events SET at = \($0.noon(ago: 0)) WHERE id = 1" }, [3]),
    ("update out of today", { "UPDATE events SET at = \($0.noon(ago: 2)) WHERE id = 9" }, [2]),
    ("delete", { _ in "DELETE FROM events WHERE id = 1" }, [3]),
    (
      "upsert that inserts", { "INSERT INTO events VALUES (2, \($0.noon(ago: 4))) ON CONFLICT DO NOTHING" },
      [4]
    ),
    (
      "upsert that updates",
      {
        "INSERT INTO events VALUES (1, \($0.noon(ago: 3))) ON CONFLICT ON CONSTRAINT events_pkey DO UPDATE SET note = 'x'"
      }, [3]
    ),
    (
      "merge",
      {
        "MERGE INTO events e USING (VALUES (1), (2)) AS n(id) ON e.id = n.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (n.id, \($0.noon(ago: 4)))"
      }, [3, 4]
    ),
    (
      "replica role",
      { "SET session_replication_role = replica; INSERT INTO events VALUES (2, \($0.noon(ago: 4)))" }, [4]
    ),
    ("another zone", { _ in "SET TimeZone = 'Pacific/Kiritimati'; UPDATE events SET note = 'x'" }, [3]),
    (
      "savepoint kept",
      { "BEGIN; SAVEPOINT s; INSERT INTO events VALUES (2, \($0.noon(ago: 4))); RELEASE s; COMMIT" }, [4]
    ),
    (
      "savepoint undone",
      {
        "BEGIN; INSERT INTO events VALUES (3, \($0.noon(ago: 5))); SAVEPOINT s; INSERT INTO events VALUES (2, \($0.noon(ago: 4))); ROLLBACK TO s; COMMIT"
      }, [5]
    ),
    ("today's insert", { "INSERT INTO events VALUES (2, \($0.noon(ago: 0)))" }, []),
    ("today's update", { _ in "UPDATE events SET note = 'x' WHERE id = 9" }, []),
    ("today's delete", { _ in "DELETE FROM events WHERE id = 9" }, []),
    ("tomorrow's insert", { "INSERT INTO events VALUES (2, \($0.noon(ago: -1)))" }, []),
    ("rollback", { "BEGIN; INSERT INTO events VALUES (2, \($0.noon(ago: 4))); ROLLBACK" }, []),
  ]

  @Test(
    "every way of writing a finished day marks it, today's writes mark nothing", arguments: [false, true])
  func waysOfWriting(isPartitioned: Bool) async throws {
    for way in Self.ways {
      try await EventTable.with(created: isPartitioned ? EventTable.partitioned : EventTable.plain) {
        events in
        try await events.insert(1, ago: 3)
        try await events.insert(9, ago: 0)
        try await events.clearMarks()
        try await events.execute(way.sql(events))
        #expect(try await events.markedDays() == way.days, "\(way.name), partitioned: \(isPartitioned)")
      }
    }
  }

  @Test("COPY marks, and a mark is one a transaction and day")
  func copy() async throws {
    try await EventTable.with { events in
      var builder = ColumnBatchBuilder(try await events.store.dataset(events.name).schema, capacity: 3)
      for (id, ago) in [(1, 3), (2, 3), (3, 4)] {
        try builder.append(row: [.int(Int64(id)), .timestamp(events.day(ago: ago).start), .null])
      }
      let rows = try builder.finish()
      _ = try await events.database.withConnection { try await $0.copyIn(rows, into: "events") }
      let marks = try await events.marks()
      #expect(marks.count == 2)
      #expect(Set(marks.map(\.transaction)).count == 1)
      #expect(marks.filter(\.isByWriter).count == 2)
    }
  }

  @Test("writes to a partition itself, or to one made later, mark")
  func partitions() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      try await events.execute("INSERT INTO \(events.partition(4)) VALUES (1, \(events.noon(ago: 4)))")
      #expect(try await events.markedDays() == [4])
      try await events.execute(
        """
        CREATE TABLE late (LIKE events INCLUDING ALL);
        ALTER TABLE events DETACH PARTITION \(events.partition(6));
        ALTER TABLE events ATTACH PARTITION late
          FOR VALUES FROM ('\(unescaped: "\(events.day(ago: 6))")') TO ('\(unescaped: "\(events.day(ago: 5))")');
        SET session_replication_role = replica;
        INSERT INTO late VALUES (2, \(events.noon(ago: 6)))
        """)
      #expect(try await events.markedDays() == [4, 6])
    }
  }

  @Test("the first and last microsecond of a UTC day mark that day")
  func boundsOfADay() async throws {
    try await EventTable.with { events in
      let day = events.day(ago: 3)
      try await events.execute(
        "SET TimeZone = 'America/New_York'; INSERT INTO events VALUES (1, \(day.start)), (2, \(day.next.start.adding(microseconds: -1)))"
      )
      #expect(try await events.markedDays() == [3])
    }
  }

  @Test("TRUNCATE marks every day that is both")
  func truncate() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      try await events.insert(2, ago: 4)
      try await events.publish(ago: 3, 4)
      #expect(try await events.markedDays() == [])
      try await events.execute("TRUNCATE events")
      #expect(try await events.markedDays() == [3, 4])
    }
  }

  @Test("two open transactions that write the same day do not wait for each other")
  func noWaiting() async throws {
    try await EventTable.with { events in
      try await events.database.withConnection { first in
        try await events.database.withConnection { second in
          try await first.withTransaction { one in
            try await one.execute("INSERT INTO events VALUES (1, \(events.noon(ago: 3)))")
            try await second.withTransaction { two in
              try await two.execute("SET LOCAL lock_timeout = '2s'")
              try await two.execute("INSERT INTO events VALUES (2, \(events.noon(ago: 3)))")
            }
          }
        }
      }
      #expect(try await events.marks().count == 2)
    }
  }

  @Test("a commit after the export's snapshot keeps its mark through the publish")
  func lateCommit() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      try await events.database.withConnection { writer in
        try await writer.withTransaction { transaction in
          try await transaction.execute("INSERT INTO events VALUES (2, \(events.noon(ago: 3)))")
          try await events.publish(ago: 3)
          #expect(try await events.markedDays() == [])
        }
      }
      #expect(try await events.markedDays() == [3])
    }
  }

  @Test("between runs a day's marks become one, a writer's where there is one")
  func collapse() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      for _ in 1...3 { try await events.execute("UPDATE events SET note = 'x'") }
      try await events.execute(
        "INSERT INTO tokyo_data.marks VALUES ('events', '\(unescaped: "\(events.day(ago: 3))")', '0')")
      let last = try await events.marks().map(\.transaction).max()
      try await events.run()
      #expect(try await events.marks().map(\.transaction) == [last])
    }
  }

  @Test("a clock that was set back marks the days it has not passed")
  func clockSetBack() async throws {
    try await EventTable.with { events in
      try await events.execute(
        """
        INSERT INTO tokyo_data.coverage VALUES
          ('events', '\(unescaped: "\(events.day(ago: 0))")', 'both', 'v0000001'),
          ('events', '\(unescaped: "\(events.day(ago: 1))")', 'both', 'v0000002')
        """)
      #expect(try await events.coverage().marked == [events.day(ago: 0)])
      try await events.run()
      #expect(try await events.marks() == [Mark(day: events.day(ago: 0), transaction: 0)])
    }
  }
}

extension EventTable {
  static let plain: PostgresStatement = """
    CREATE TABLE events (id bigint PRIMARY KEY, at timestamptz NOT NULL, note text)
    """
}

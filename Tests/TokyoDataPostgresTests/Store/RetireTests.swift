import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Retiring a day")
struct RetireTests {
  /// What makes retiring lose or change more than the day's rows.
  static let obstacles: [(name: String, sql: PostgresStatement, column: String?)] = [
    ("a column that is not exported", "ALTER TABLE events ADD COLUMN extra int", "extra"),
    (
      "a DELETE trigger",
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'; CREATE TRIGGER mine BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION f()",
      nil
    ),
    ("a DELETE rule", "CREATE RULE mine AS ON DELETE TO events DO ALSO NOTHING", nil),
    ("a foreign key", "CREATE TABLE child (id bigint REFERENCES events ON DELETE CASCADE)", nil),
    (
      "a cascade within the table",
      "ALTER TABLE events ADD CONSTRAINT parent FOREIGN KEY (id) REFERENCES events ON DELETE CASCADE", nil
    ),
    ("a publication", "CREATE PUBLICATION p FOR TABLE events", nil),
    ("a publication of all tables", "CREATE PUBLICATION p FOR ALL TABLES", nil),
    ("a publication of the schema", "CREATE PUBLICATION p FOR TABLES IN SCHEMA public", nil),
  ]

  @Test("is refused with an explanation where it would change more", arguments: obstacles.indices)
  func refusals(index: Int) async throws {
    let obstacle = Self.obstacles[index]
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      let version = try await events.publish(ago: 5)[0]
      try await events.execute(obstacle.sql)
      let error = await tokyoError { _ = try await events.retire(version) }
      #expect(error?.code == .unsupported, "\(obstacle.name)")
      #expect(error?.context.column == obstacle.column)
      #expect(try await events.ids() == [1])
      #expect(try await events.coverage().state(of: events.day(ago: 5)) == .both)
    }
  }

  @Test("goes through where publications leave deletes out and columns are given up")
  func allowed() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      let version = try await events.publish(ago: 5)[0]
      try await events.execute(
        """
        CREATE PUBLICATION p FOR TABLE events WITH (publish = 'insert, update');
        ALTER TABLE events ADD COLUMN extra int
        """)
      try await events.store.install(
        DatasetProposal(table: "events", timeColumn: "at", policy: DatasetPolicy(givenUpColumns: ["extra"])))
      #expect(try await events.retire(version) == .retired(rows: 1))
    }
  }

  @Test("from a partitioned table removes the rows of the day and leaves no mark")
  func partitioned() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      for ago in [4, 5, 6] { try await events.insert(ago, ago: ago) }
      try await events.makeCold(ago: 5)
      #expect(try await events.ids() == [4, 6])
      #expect(try await events.markedDays() == [4, 6])
    }
  }

  @Test("a late row between hash and commit stays and keeps its mark")
  func lateInsert() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      let version = try await events.publish(ago: 5)[0]
      try await events.database.withConnection { writer in
        try await writer.withTransaction { transaction in
          try await transaction.execute("INSERT INTO events VALUES (2, \(events.noon(ago: 5)))")
          #expect(try await events.retire(version) == .retired(rows: 1))
        }
      }
      #expect(try await events.ids() == [2])
      #expect(try await events.markedDays() == [5])
    }
  }

  @Test("an update under way is waited for, and what it changed stays")
  func concurrentUpdate() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      try await events.insert(2, ago: 5)
      let version = try await events.publish(ago: 5)[0]
      try await events.database.withConnection { writer in
        try await writer.execute(script: "BEGIN; UPDATE events SET note = 'changed' WHERE id = 2")
        async let outcome = events.retire(version)
        try await events.database.withConnection { observer in
          try await TestServer.until(
            "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')",
            on: observer)
        }
        try await writer.execute(script: "COMMIT")
        guard case .differs(let found, let isMarked) = try await outcome else {
          Issue.record("the day retired")
          return
        }
        #expect(found.rowCount == 2)
        #expect(isMarked)
      }
      #expect(try await events.ids() == [1, 2])
      #expect(try await events.coverage().state(of: events.day(ago: 5)) == .both)
    }
  }

  @Test("rows that a writer keeps locked make it give up in bounded time, and nothing happens")
  func lockedRows() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      let version = try await events.publish(ago: 5)[0]
      try await events.database.withConnection { writer in
        try await writer.execute(script: "BEGIN; SELECT FROM events FOR UPDATE")
        let error = await tokyoError { _ = try await events.retire(version) }
        #expect(error?.code == .busy)
        try await writer.execute(script: "ROLLBACK")
      }
      #expect(try await events.retire(version) == .retired(rows: 1))
    }
  }

  @Test("rows changed behind the triggers' back differ without a mark")
  func unexplained() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      let version = try await events.publish(ago: 5)[0]
      try await events.execute("SET tokyo_data.quiet = on; UPDATE events SET note = 'behind'")
      guard case .differs(_, let isMarked) = try await events.retire(version) else {
        Issue.record("the day retired")
        return
      }
      #expect(!isMarked)
      #expect(try await events.ids() == [1])
    }
  }
}

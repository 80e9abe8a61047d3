import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Rows that replace cold ones")
struct OverlayTests {
  /// What uncovers the cold row that row 1 of 5 days ago replaces.
  static let uncovering: [@Sendable (EventTable) -> PostgresStatement] = [
    { _ in "DELETE FROM events WHERE id = 1" },
    { "UPDATE events SET at = \($0.noon(ago: 2)) WHERE id = 1" },
    { "UPDATE events SET at = \($0.noon(ago: 0)) WHERE id = 1" },
    { _ in "UPDATE events SET id = 7 WHERE id = 1" },
    { _ in "SET session_replication_role = replica; DELETE FROM events" },
  ]

  @Test("they stay: no delete, no other day, no other key", arguments: uncovering.indices)
  func stay(index: Int) async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      try await events.makeCold(ago: 5)
      try await events.insert(1, ago: 5, note: "late")
      let statement = Self.uncovering[index](events)
      let state = await sqlState { try await events.execute(statement) }
      #expect(state == "TD001")
      try await events.execute("UPDATE events SET note = 'later' WHERE id = 1")
      #expect(try await events.ids() == [1])
    }
  }

  @Test("through the store the error names the day")
  func errorNamesDay() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      try await events.makeCold(ago: 5)
      try await events.insert(1, ago: 5)
      let error = await tokyoError {
        try await events.store.withTransaction {
          _ = try await $0.execute("DELETE FROM events")
        }
      }
      #expect(error?.code == .daysUnavailable)
      #expect(error?.context.day == events.day(ago: 5))
    }
  }

  @Test("TRUNCATE is refused while there are some, and marks the days that are both without them")
  func truncate() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      try await events.insert(2, ago: 3)
      try await events.makeCold(ago: 5)
      try await events.publish(ago: 3)
      try await events.insert(1, ago: 5)
      let refusal = await sqlState { try await events.execute("TRUNCATE events") }
      #expect(refusal == "TD003")
      let error = await tokyoError { try await events.store.execute("TRUNCATE events") }
      #expect(error?.code == .conflict)
      #expect(try await events.ids() == [1, 2])
      // Only merging, which comes later, takes such a row away.
      try await events.execute("SET tokyo_data.quiet = on; DELETE FROM events WHERE id = 1")
      try await events.clearMarks()
      try await events.execute("TRUNCATE events")
      #expect(try await events.markedDays() == [3])
    }
  }

  @Test("a dataset that rejects late writes refuses them, cold days only")
  func reject() async throws {
    try await EventTable.with(policy: DatasetPolicy(lateWrites: .reject)) { events in
      try await events.insert(1, ago: 5)
      try await events.insert(2, ago: 4)
      try await events.makeCold(ago: 5)
      let insertion = await sqlState { try await events.insert(3, ago: 5) }
      #expect(insertion == "TD002")
      let move: PostgresStatement = "UPDATE events SET at = \(events.noon(ago: 5))"
      let movement = await sqlState { try await events.execute(move) }
      #expect(movement == "TD002")
      try await events.insert(3, ago: 4)
      #expect(try await events.ids() == [2, 3])
    }
  }

  @Test("those of a truncated partition make their day suspect, others do not")
  func truncatedPartition() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      for ago in [5, 6, 7] { try await events.insert(ago, ago: ago) }
      for ago in [5, 6, 7] { try await events.makeCold(ago: ago) }
      try await events.insert(5, ago: 5)
      try await events.insert(6, ago: 6)
      for ago in [5, 7] { try await events.execute("TRUNCATE \(events.partition(ago))") }
      try await events.execute("VACUUM FULL \(events.partition(6))")
      try await events.run()
      let coverage = try await events.coverage()
      #expect(coverage.state(of: events.day(ago: 5)) == .suspect)
      #expect(coverage.state(of: events.day(ago: 6)) == .cold)
      #expect(coverage.state(of: events.day(ago: 7)) == .cold)
    }
  }
}

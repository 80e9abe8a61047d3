extension ExportSourceConformance {
  static let retirements: [ConformanceCase<Fixture>] = [
    ConformanceCase("A retirement removes exactly the rows it hashed and makes the day cold.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 5)
      try await hot.insert(
        ConformanceRow(1, day.start.adding(microseconds: -1)), ConformanceRow(2, day.start),
        ConformanceRow(3, day.at()), ConformanceRow(4, day.next.at()))
      let version = try await hot.publish(day)
      let epoch = try await hot.coverage().epoch
      try expectEqual(try await hot.retire(day, version), .retired(rows: 2), "outcome")
      try expectEqual(try await hot.ids(), [1, 4], "rows of other days")
      let coverage = try await hot.coverage()
      try expectEqual(coverage.state(of: day), .cold, "state")
      try expectEqual(coverage.version(of: day)?.id, version.id, "version")
      try expect(coverage.epoch != epoch, "the epoch is that of before the retirement")
    },
    ConformanceCase("A retirement of other rows than the version's removes nothing.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 5)
      try await hot.insert(ConformanceRow(1, day.at(), tag: "old"), ConformanceRow(2, day.at()))
      let version = try await hot.publish(day)
      try await hot.upsert(ConformanceRow(1, day.at(), tag: "new"))
      let found = try await hot.version(of: day).rowHash
      let outcome = try await hot.retire(day, version)
      try expectEqual(outcome, .differs(found: found, isMarked: true), "outcome")
      try expectEqual(try await hot.ids(), [1, 2], "rows")
      try expectEqual(try await hot.coverage().state(of: day), .both, "state")
    },
    ConformanceCase("A retirement of a day that is not both, or of another version, is a `conflict`.") {
      let hot = try await HotScenario($0)
      let (unpublished, day) = (hot.day(ago: 4), hot.day(ago: 5))
      try await hot.insert(ConformanceRow(1, unpublished.at()), ConformanceRow(2, day.at()))
      let never = try await hot.record(unpublished)
      try await expectError(.conflict, "retiring a day that was never published") {
        _ = try await hot.retire(unpublished, never)
      }
      let replaced = try await hot.publish(day)
      let current = try await hot.publish(day)
      try await expectError(.conflict, "retiring with a replaced version") {
        _ = try await hot.retire(day, replaced)
      }
      try expectEqual(try await hot.ids(), [1, 2], "rows after refused retirements")
      _ = try await hot.retire(day, current)
      try await expectError(.conflict, "retiring a cold day") { _ = try await hot.retire(day, current) }
    },
    ConformanceCase("A row that comes while a day retires stays in hot.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 5)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.publish(day)
      let late = try ConformanceRow.batch([ConformanceRow(2, day.at())])
      let (store, name) = (hot.store, hot.name)
      let (inserted, retiring) = (Gate(), Gate())
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await store.withTransaction { transaction in
            try await transaction.insert(late, into: name)
            inserted.open()
            try await retiring.wait()
          }
        }
        try await inserted.wait()
        let outcome = try await store.retire(
          day, of: name, version: version.id, expecting: version.rowHash,
          step: { step in if step == .beforeCommit { retiring.open() } })
        // Also where the store has no such step, so that nobody waits for ever.
        retiring.open()
        try expectEqual(outcome, .retired(rows: 1), "outcome")
        try await group.waitForAll()
      }
      try expectEqual(try await hot.ids(), [2], "rows")
      try expect(try await hot.coverage().marked.contains(day), "the late row left no mark")
    },
    ConformanceCase("A retirement leaves no mark behind that it explains.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 5)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.publish(day)
      // Written again as it was: the mark says that something changed, the hash that nothing did.
      try await hot.upsert(ConformanceRow(1, day.at()))
      try expectEqual(try await hot.retire(day, version), .retired(rows: 1), "outcome")
      try expectEqual(try await hot.marks(on: day).count, 0, "marks of the retired day")
    },
  ]
}

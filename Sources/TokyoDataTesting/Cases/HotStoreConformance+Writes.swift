extension HotStoreConformance {
  static let marks: [ConformanceCase<Fixture>] = [
    ConformanceCase("A write to a finished day marks it, once a transaction and day.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      for first: Int64 in [1, 3] {
        let rows = try (first...first + 1).map { try ConformanceRow.batch([ConformanceRow($0, day.at())]) }
        try await hot.store.withTransaction { transaction in
          for batch in rows { try await transaction.insert(batch, into: hot.name) }
        }
      }
      let marks = try await hot.marks(on: day)
      try expectEqual(marks.count, 2, "marks of two transactions")
      try expectEqual(Set(marks.map(\.transaction)).count, 2, "different transactions among the marks")
      try expect(try await hot.coverage().marked.contains(day), "coverage does not tell the mark")
    },
    ConformanceCase("A write to today marks nothing.") {
      let fixture = $0
      let hot = try await HotScenario(fixture)
      try await hot.insert(ConformanceRow(1, hot.today.at()))
      let marks = try await hot.marks(on: hot.today)
      // Where midnight passed meanwhile, the day was finished when it was written.
      guard try await fixture.today() == hot.today else { return }
      try expectEqual(marks.count, 0, "marks of today")
    },
    ConformanceCase("A row that moves to another day marks both days.") {
      let hot = try await HotScenario($0)
      let (from, to) = (hot.day(ago: 5), hot.day(ago: 2))
      try await hot.insert(ConformanceRow(1, from.at()))
      // Its marks go with the publish, so what is marked then is marked by the move.
      try await hot.publish(from)
      try await hot.upsert(ConformanceRow(1, to.at()))
      let marks = try await hot.marks(on: from) + hot.marks(on: to)
      try expectEqual(Set(marks.map(\.day)), [from, to], "days that the move marked")
      try expectEqual(try await hot.ids(in: [TimeRange(from...from)]), [], "rows of the day it left")
      try expectEqual(try await hot.ids(in: [TimeRange(to...to)]), [1], "rows of the day it came to")
    },
  ]

  static let writes: [ConformanceCase<Fixture>] = [
    ConformanceCase("An insert of a taken key is a `conflict`.") {
      let hot = try await HotScenario($0)
      try await hot.insert(ConformanceRow(1, hot.today.at(), tag: "first"))
      try await expectError(.conflict, "an insert of a taken key") {
        try await hot.insert(ConformanceRow(2, hot.today.at()), ConformanceRow(1, hot.today.at()))
      }
      try expectEqual(try await hot.ids(), [1], "rows after a refused insert")
    },
    ConformanceCase("An upsert replaces the row of its day and key.") {
      let hot = try await HotScenario($0)
      try await hot.insert(
        ConformanceRow(1, hot.today.at(), tag: "old"), ConformanceRow(2, hot.today.at(), tag: "other"))
      try await hot.upsert(
        ConformanceRow(1, hot.today.at(), tag: "new"), ConformanceRow(3, hot.today.at(), tag: "more"))
      let answer = try await hot.answer(hot.query().select("id", "tag").order(by: "id"))
      try expectEqual(try answer.values("id"), [1, 2, 3], "keys after an upsert")
      try expectEqual(try answer.values("tag"), ["new", "other", "more"], "values after an upsert")
    },
    ConformanceCase("An update replaces the rows of its days and keys, adds none, and tells how many.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(
        ConformanceRow(1, hot.today.at(), tag: "old"), ConformanceRow(2, hot.today.at(), tag: "other"),
        ConformanceRow(3, day.at(), tag: "elsewhere"))
      let count = try await hot.update(
        ConformanceRow(1, hot.today.at(hour: 13), tag: "new"),
        ConformanceRow(3, hot.today.at(), tag: "moved"),
        ConformanceRow(7, hot.today.at(), tag: "added"))
      try expectEqual(count, 1, "rows that were updated")
      let answer = try await hot.answer(hot.query().select("id", "tag").order(by: "id"))
      try expectEqual(try answer.values("id"), [1, 2, 3], "keys after an update")
      try expectEqual(try answer.values("tag"), ["new", "other", "elsewhere"], "values after an update")
    },
    ConformanceCase("An update with a key twice is an `invalidArgument` error.") {
      let hot = try await HotScenario($0)
      try await hot.insert(ConformanceRow(1, hot.today.at(), tag: "old"))
      try await expectError(.invalidArgument, "an update with a key twice") {
        try await hot.update(
          ConformanceRow(1, hot.today.at(), tag: "a"), ConformanceRow(1, hot.today.at(), tag: "b"))
      }
      let answer = try await hot.answer(hot.query().select("tag"))
      try expectEqual(try answer.values("tag"), ["old"], "values after a refused update")
    },
    ConformanceCase("A delete removes the rows of its days and keys and tells how many.") {
      let hot = try await HotScenario($0)
      try await hot.insert(ConformanceRow(1, hot.today.at()), ConformanceRow(2, hot.today.at()))
      let count = try await hot.delete(
        ConformanceRow(1, hot.today.at()), ConformanceRow(7, hot.today.at()))
      try expectEqual(count, 1, "rows that were deleted")
      try expectEqual(try await hot.ids(), [2], "rows after a delete")
    },
  ]

  static let lateWrites: [ConformanceCase<Fixture>] = [
    ConformanceCase("Deleting a row that replaces a cold one is an error.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 9)
      try await hot.insert(ConformanceRow(1, day.at()))
      try await hot.retire(day)
      let late = ConformanceRow(1, day.at(), tag: "late")
      try await hot.upsert(late)
      try await expectError("a delete of a row that replaces a cold one") { try await hot.delete(late) }
      try await expectError("moving such a row to another day") {
        try await hot.upsert(ConformanceRow(1, hot.today.at()))
      }
      try expectEqual(try await hot.ids(in: [TimeRange(day...day)]), [1], "rows that replace")
    },
    ConformanceCase("A write to a cold day is an error where the dataset rejects late writes.") {
      let policy = DatasetPolicy(lateWrites: .reject)
      let hot = try await HotScenario($0, ConformanceRow.dataset(policy: policy))
      let day = hot.day(ago: 9)
      try await hot.insert(ConformanceRow(1, day.at()))
      try await hot.retire(day)
      try await expectError("an insert into a cold day") { try await hot.insert(ConformanceRow(2, day.at())) }
      try await expectError("an upsert into a cold day") { try await hot.upsert(ConformanceRow(1, day.at())) }
      try await hot.insert(ConformanceRow(3, hot.day(ago: 8).at()))
      try expectEqual(try await hot.ids(), [3], "rows after refused writes")
    },
    ConformanceCase("Updating what is only in cold is a `daysUnavailable` error that names the day.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 9)
      try await hot.insert(ConformanceRow(1, day.at()))
      try await hot.retire(day)
      let error = try await expectError(.daysUnavailable, "an update of a row that is only in cold") {
        try await hot.update(ConformanceRow(1, day.at(), tag: "late"))
      }
      try expectEqual(error.context.day, day, "day that the error names")
    },
    ConformanceCase("Deleting what is only in cold is a `daysUnavailable` error that names the day.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 9)
      try await hot.insert(ConformanceRow(1, day.at()))
      try await hot.retire(day)
      let error = try await expectError(.daysUnavailable, "a delete of a row that is only in cold") {
        try await hot.delete(ConformanceRow(1, day.at()))
      }
      try expectEqual(error.context.day, day, "day that the error names")
    },
    ConformanceCase("The condemned are told among versions.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 3)
      try await hot.insert(ConformanceRow(1, day.at()))
      let abandoned = try await hot.record(day)
      _ = try await hot.store.withRun(of: hot.name, .collect) { try await $0.condemn(grace: .zero) }
      let current = try await hot.publish(day)
      let unknown = try await hot.version(of: day)
      let told = try await hot.store.condemned(
        among: [abandoned.id, current.id, unknown.id], of: hot.name)
      try expectEqual(told, [abandoned.id, unknown.id], "condemned or unknown versions")
    },
    ConformanceCase("The ledger is always told by the same id.") {
      let hot = try await HotScenario($0)
      let id = try await hot.store.ledgerID()
      try await hot.publish(hot.day(ago: 3))
      try expectEqual(try await hot.store.ledgerID(), id, "id after a publish")
    },
  ]
}

/// The contract of `HotStore`, sentence by sentence.
public enum HotStoreConformance: ConformanceSuite {
  /// A hot store, with its ledger and export source.
  public typealias Fixture = any HotStoreFixture

  /// The cases, in the order of the sentences.
  public static let cases = snapshots + reads + overlay + transactions + marks + writes + lateWrites
}

extension HotStoreConformance {
  static let snapshots: [ConformanceCase<Fixture>] = [
    ConformanceCase("A snapshot sees what was committed before it and nothing that came later.") {
      let hot = try await HotScenario($0)
      try await hot.insert(ConformanceRow(1, hot.today.at()))
      try await hot.store.withSnapshot(of: [hot.name]) { snapshot in
        try expectEqual(try await hot.ids(of: snapshot), [1], "rows before")
        try await hot.insert(ConformanceRow(2, hot.today.at()))
        try expectEqual(try await hot.ids(of: snapshot), [1], "rows after a later commit")
      }
      try expectEqual(try await hot.ids(), [1, 2], "rows of a later snapshot")
    },
    ConformanceCase("Coverage, marks and rows of a snapshot are of one instant.") {
      let hot = try await HotScenario($0)
      let (published, other) = (hot.day(ago: 3), hot.day(ago: 5))
      try await hot.insert(ConformanceRow(1, published.at()), ConformanceRow(2, other.at()))
      let version = try await hot.publish(published)
      try await hot.store.withSnapshot(of: [hot.name]) { snapshot in
        // The row stays as it is, so what changes is the ledger alone.
        try await hot.upsert(ConformanceRow(1, published.at()))
        try await hot.publish(other)
        let coverage = try await snapshot.coverage(of: hot.name)
        try expectEqual(coverage.version(of: published)?.id, version.id, "version in the snapshot")
        try expectEqual(coverage.state(of: other), .hot, "state of a day that was published later")
        try expect(!coverage.marked.contains(published), "the snapshot sees a later transaction's mark")
      }
    },
  ]

  static let reads: [ConformanceCase<Fixture>] = [
    ConformanceCase("A read gives each row of its ranges once.") {
      let hot = try await HotScenario($0)
      let days = (1...4).map { hot.day(ago: $0) }
      try await hot.insert(
        ConformanceRow(1, days[0].at()), ConformanceRow(2, days[1].at()), ConformanceRow(3, days[2].at()),
        ConformanceRow(4, days[3].at()), ConformanceRow(5, days[3].at(hour: 13)))
      let ranges = [TimeRange(days[3]...days[3]), TimeRange(days[1]...days[0])]
      try expectEqual(try await hot.ids(in: ranges), [1, 2, 4, 5], "rows of two ranges")
      try expectEqual(try await hot.ids(), [1, 2, 3, 4, 5], "rows of all time")
    },
    ConformanceCase("A read gives nothing outside its ranges.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(
        ConformanceRow(1, day.start.adding(microseconds: -1)), ConformanceRow(2, day.start),
        ConformanceRow(3, day.next.start.adding(microseconds: -1)), ConformanceRow(4, day.next.start))
      try expectEqual(try await hot.ids(in: [TimeRange(day...day)]), [2, 3], "rows of one day")
      let narrow = hot.query().time(in: day.range).select("id").order(by: "id")
      try expectEqual(try await hot.answer(narrow).values("id"), [2, 3], "rows of the query's own range")
    },
    ConformanceCase("A filter keeps only rows for which it is true.") {
      let hot = try await HotScenario($0)
      try await hot.insert(
        ConformanceRow(1, hot.today.at(), tag: "a"), ConformanceRow(2, hot.today.at(), tag: "b"),
        ConformanceRow(3, hot.today.at(), tag: nil))
      try await expectFilter { query in try await hot.answer(query(hot.name)).values("id") }
    },
    ConformanceCase("Groups of null keys are kept.") {
      let hot = try await HotScenario($0)
      try await hot.insert(
        ConformanceRow(1, hot.today.at(), tag: "a"), ConformanceRow(2, hot.today.at(), tag: nil),
        ConformanceRow(3, hot.today.at(), tag: nil))
      try expectNullGroup(try await hot.answer(nullGroupQuery(hot.name)))
    },
    ConformanceCase("Sums are exact and fail beyond 38 digits.") {
      let hot = try await HotScenario($0)
      let rows = try sumRows(hot.today)
      try await hot.insert(rows[0], rows[1])
      try expectSums(try await hot.answer(sumQuery(hot.name)))
      try await hot.insert(rows[2], rows[3])
      try await expectError(.valueOutOfRange, "a sum beyond 38 digits") {
        _ = try await hot.answer(sumQuery(hot.name))
      }
    },
    ConformanceCase("The rows that entered the answer are counted.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 1)
      try await hot.insert(
        ConformanceRow(1, day.at(), tag: "a"), ConformanceRow(2, day.at(), tag: "a"),
        ConformanceRow(3, day.at(), tag: "b"), ConformanceRow(4, hot.today.at(), tag: "a"))
      let query = hot.query().filter(.column("tag", .equal, "a")).select(.count)
      let resolved = try ResolvedQuery(query, for: hot.dataset)
      let statistics = try await hot.store.withSnapshot(of: [hot.name]) { snapshot in
        try await snapshot.read(resolved, in: [TimeRange(day...day)]) { _ in }
      }
      try expectEqual(statistics.rows, 2, "rows that were counted")
    },
  ]

  static let overlay: [ConformanceCase<Fixture>] = [
    ConformanceCase("Overlay keys are those of every row that hot holds of the days, whatever the query.") {
      let hot = try await HotScenario($0)
      let (day, empty, other) = (hot.day(ago: 3), hot.day(ago: 4), hot.day(ago: 5))
      try await hot.insert(
        ConformanceRow(1, day.at()), ConformanceRow(2, day.at()), ConformanceRow(3, other.at()))
      let keys = try await hot.store.withSnapshot(of: [hot.name]) {
        try await $0.overlayKeys(of: hot.name, days: [day, empty], limit: 10)
      }
      try expectEqual(Set(keys.keys), [day], "days with overlay keys")
      try expectEqual(keys[day]?.schema.fields.map(\.name), ["id"], "columns of overlay keys")
      try expectEqual(Set(try keys[day]?.values("id") ?? []), [1, 2], "overlay keys")
    },
    ConformanceCase("More overlay keys than the limit are an error.") {
      let hot = try await HotScenario($0)
      let (day, other) = (hot.day(ago: 3), hot.day(ago: 4))
      try await hot.insert(ConformanceRow(1, day.at()), ConformanceRow(2, other.at()))
      try await hot.store.withSnapshot(of: [hot.name]) { snapshot in
        _ = try await snapshot.overlayKeys(of: hot.name, days: [day, other], limit: 2)
        try await expectError(.unsupported, "two keys where one is allowed") {
          _ = try await snapshot.overlayKeys(of: hot.name, days: [day, other], limit: 1)
        }
      }
    },
  ]

  static let transactions: [ConformanceCase<Fixture>] = [
    ConformanceCase("A transaction is seen as a whole or not at all.") {
      let hot = try await HotScenario($0)
      let rows = try (1...2).map { try ConformanceRow.batch([ConformanceRow($0, hot.today.at())]) }
      try await hot.store.withTransaction { transaction in
        for batch in rows {
          try await transaction.insert(batch, into: hot.name)
          try expectEqual(try await hot.ids(), [], "rows of an open transaction")
        }
      }
      try expectEqual(try await hot.ids(), [1, 2], "rows of a committed transaction")
    },
    ConformanceCase("A transaction whose body throws changes nothing.") {
      struct Abandoned: Error {}
      let hot = try await HotScenario($0)
      let rows = try ConformanceRow.batch([ConformanceRow(1, hot.today.at())])
      do {
        try await hot.store.withTransaction { transaction in
          try await transaction.insert(rows, into: hot.name)
          throw Abandoned()
        }
        throw ConformanceFailure("the error of the body was lost")
      } catch is Abandoned {}
      try expectEqual(try await hot.ids(), [], "rows after a rollback")
    },
  ]
}

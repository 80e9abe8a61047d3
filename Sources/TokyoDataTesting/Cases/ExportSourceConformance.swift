/// The contract of `ExportSource`, sentence by sentence.
public enum ExportSourceConformance: ConformanceSuite {
  /// A hot store, with its ledger and export source.
  public typealias Fixture = any HotStoreFixture

  /// The cases, in the order of the sentences.
  public static let cases = exports + retirements
}

extension ExportSourceConformance {
  static let exports: [ConformanceCase<Fixture>] = [
    ConformanceCase("An export snapshot reads the rows committed before it and nothing that came later.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      try await hot.store.withExportSnapshot(of: hot.name) { snapshot in
        try expectEqual(try await snapshot.ids(day), [1], "rows before")
        try await hot.insert(ConformanceRow(2, day.at()))
        try expectEqual(try await snapshot.ids(day), [1], "rows after a later commit")
      }
    },
    ConformanceCase("A day's rows come in the dataset's row order.") {
      let policy = DatasetPolicy(clusterBy: ["tag"])
      let hot = try await HotScenario($0, ConformanceRow.dataset(policy: policy))
      let day = hot.day(ago: 2)
      try await hot.insert(
        ConformanceRow(5, day.at(), tag: nil), ConformanceRow(4, day.at(), tag: "a"),
        ConformanceRow(3, day.at(), tag: "Z"), ConformanceRow(2, day.at(), tag: "b"),
        ConformanceRow(1, day.at(), tag: "b"), ConformanceRow(6, day.at(), tag: "\u{e9}"))
      let ids = try await hot.store.withExportSnapshot(of: hot.name) { try await $0.ids(day) }
      try expectEqual(ids, [3, 4, 1, 2, 6, 5], "keys by tag, by code point with nulls last, then by key")
    },
    ConformanceCase("A day's rows are those whose time lies in the day, to the microsecond.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 3)
      try await hot.insert(
        ConformanceRow(1, day.start.adding(microseconds: -1)), ConformanceRow(2, day.start),
        ConformanceRow(3, day.next.start.adding(microseconds: -1)), ConformanceRow(4, day.next.start))
      let ids = try await hot.store.withExportSnapshot(of: hot.name) { try await $0.ids(day) }
      try expectEqual(Set(ids), [2, 3], "keys of the day")
    },
    ConformanceCase("Finished days are listed with their number of rows.") {
      let hot = try await HotScenario($0)
      try await hot.insert(
        ConformanceRow(1, hot.day(ago: 3).at()), ConformanceRow(2, hot.day(ago: 3).at()),
        ConformanceRow(3, hot.day(ago: 1).at()), ConformanceRow(4, hot.today.next.at()))
      let days = try await hot.store.withExportSnapshot(of: hot.name) { try await $0.finishedDays() }
      try expectEqual(days, [hot.day(ago: 3): 2, hot.day(ago: 1): 1], "rows by day")
    },
    ConformanceCase("Marks are those of transactions that committed before the snapshot.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      let batch = try ConformanceRow.batch([ConformanceRow(1, day.at())])
      try await hot.store.withTransaction { transaction in
        try await transaction.insert(batch, into: hot.name)
        try expectEqual(try await hot.marks(on: day).count, 0, "marks of an open transaction")
      }
      try expectEqual(try await hot.marks(on: day).count, 1, "marks of a committed transaction")
      let other = hot.day(ago: 3)
      try await hot.store.withExportSnapshot(of: hot.name) { snapshot in
        try await hot.insert(ConformanceRow(2, other.at()))
        let marks = try await snapshot.marks().filter { $0.day == other }
        try expectEqual(marks.count, 0, "marks of a later transaction")
      }
    },
    ConformanceCase("An undated dataset is read as a whole.") {
      let hot = try await HotScenario($0, ConformanceRow.undatedDataset())
      try await hot.insert(
        ConformanceRow(2, hot.day(ago: 9).at()), ConformanceRow(1, hot.today.at()),
        ConformanceRow(3, hot.day(ago: 800).at()))
      try await hot.store.withExportSnapshot(of: hot.name) { snapshot in
        var ids: [ColumnValue] = []
        try await snapshot.readAll { ids += try $0.values("id") }
        try expectEqual(ids, [1, 2, 3], "keys of all rows, in order")
        try expectEqual(try await snapshot.marks().count, 0, "marks of a dataset without days")
      }
    },
    ConformanceCase("Writers that were open are waited for, and named when they stay.") {
      let hot = try await HotScenario($0)
      let batch = try ConformanceRow.batch([ConformanceRow(1, hot.day(ago: 1).at())])
      let ended = Gate()
      let (store, name) = (hot.store, hot.name)
      try await store.withTransaction { transaction in
        try await transaction.insert(batch, into: name)
        let staying = try await store.waitForWriters(of: name, atMost: .zero)
        try expectEqual(staying.count, 1, "writers that stay")
      }
      try await withThrowingTaskGroup(of: Int.self) { group in
        let inserted = Gate()
        group.addTask {
          try await store.withTransaction { transaction in
            let later = try ConformanceRow.batch([ConformanceRow(2, hot.day(ago: 1).at())])
            try await transaction.insert(later, into: name)
            inserted.open()
            try await ended.wait()
          }
          return 0
        }
        try await inserted.wait()
        group.addTask { try await store.waitForWriters(of: name, atMost: .seconds(60)).count }
        ended.open()
        for try await staying in group { try expectEqual(staying, 0, "writers that stay after their end") }
      }
    },
  ]
}

extension ExportSnapshot {
  /// The keys of a day's rows, in the order in which they come.
  func ids(_ day: Day) async throws -> [ColumnValue] {
    var ids: [ColumnValue] = []
    try await readDay(day) { ids += try $0.values("id") }
    return ids
  }
}

/// The contract of `Ledger`, sentence by sentence.
public enum LedgerConformance: ConformanceSuite {
  /// A hot store, with its ledger and export source.
  public typealias Fixture = any HotStoreFixture

  /// The cases, in the order of the sentences.
  public static let cases = installs + publishes + condemnations + runs
}

extension LedgerConformance {
  static let installs: [ConformanceCase<Fixture>] = [
    ConformanceCase("An installed dataset reads back as it was defined.") {
      let policy = DatasetPolicy(hotDays: 30, clusterBy: ["tag"])
      let hot = try await HotScenario($0, ConformanceRow.dataset(policy: policy))
      try expectEqual(try await hot.store.dataset(hot.name), hot.dataset, "definition")
      try expectEqual(try await hot.store.datasets(), [hot.name], "datasets")
    },
    ConformanceCase("Installing the same definition again changes nothing.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.publish(day)
      let before = try await hot.coverage()
      try await hot.store.install(hot.dataset)
      let after = try await hot.coverage()
      try expectEqual(after.epoch, before.epoch, "epoch")
      try expectEqual(after.version(of: day)?.id, version.id, "version")
      try expectEqual(try await hot.ids(), [1], "rows")
    },
    ConformanceCase("An unknown dataset is an `unknownDataset` error.") {
      let hot = try await HotScenario($0)
      let unknown = try DatasetName("conformance_unknown")
      try await expectError(.unknownDataset, "the definition") { _ = try await hot.store.dataset(unknown) }
      try await expectError(.unknownDataset, "the coverage") { _ = try await hot.store.coverage(of: unknown) }
      try await expectError(.unknownDataset, "the versions") { _ = try await hot.store.versions(of: unknown) }
      try await expectError(.unknownDataset, "a run") {
        try await hot.store.withRun(of: unknown, .export) { _ in }
      }
      try await expectError(.unknownDataset, "a snapshot") {
        try await hot.store.withSnapshot(of: [unknown]) { _ = try await $0.coverage(of: unknown) }
      }
    },
    ConformanceCase("A day that was never published is hot.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      try expectEqual(try await hot.coverage().state(of: day), .hot, "state")
      _ = try await hot.record(day)
      let coverage = try await hot.coverage()
      try expectEqual(coverage.state(of: day), .hot, "state where a version is recorded")
      try expectEqual(coverage.days[day]?.version, nil, "version")
    },
  ]

  static let publishes: [ConformanceCase<Fixture>] = [
    ConformanceCase("A publish makes its versions current and its days both, together.") {
      let hot = try await HotScenario($0)
      let days = [hot.day(ago: 3), hot.day(ago: 2)]
      try await hot.insert(ConformanceRow(1, days[0].at()), ConformanceRow(2, days[1].at()))
      let versions = [try await hot.record(days[0]), try await hot.record(days[1])]
      try await hot.publish(
        try await hot.publication(of: days[0], versions[0]),
        try await hot.publication(of: days[1], versions[1]))
      let coverage = try await hot.coverage()
      for (day, version) in zip(days, versions) {
        try expectEqual(coverage.state(of: day), .both, "state of a published day")
        let current = coverage.version(of: day)
        try expectEqual(current?.id, version.id, "version of a published day")
        try expectEqual(current?.state, .current, "state of a published version")
        try expectEqual(current?.rowHash, version.rowHash, "row hash of a published version")
      }
    },
    ConformanceCase(
      "A publish whose base is no longer so is a `conflict` and changes nothing, not even its other days."
    ) {
      let hot = try await HotScenario($0)
      let (good, stale) = (hot.day(ago: 3), hot.day(ago: 2))
      try await hot.insert(ConformanceRow(1, good.at()), ConformanceRow(2, stale.at()))
      let version = try await hot.record(good)
      let publication = try await hot.publication(of: good, version, marks: try await hot.marks(on: good))
      let late = try await hot.publication(of: stale, try await hot.record(stale))
      try await hot.publish(stale)
      try await expectError(.conflict, "a publish from a base that is no longer so") {
        try await hot.publish(publication, late)
      }
      let coverage = try await hot.coverage()
      try expectEqual(coverage.days[good]?.version, nil, "version of the other day")
      try expect(coverage.marked.contains(good), "the other day lost its marks")
      try expectEqual(try await hot.state(of: version), .ready, "state of the other day's version")
    },
    ConformanceCase("A publish deletes the marks it names and keeps those that came later.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.record(day)
      let seen = try await hot.marks(on: day)
      try await hot.insert(ConformanceRow(2, day.at()))
      try await hot.publish(try await hot.publication(of: day, version, marks: seen))
      let left = try await hot.marks(on: day)
      try expectEqual(left.count, 1, "marks that came later")
      try expect(Set(left).isDisjoint(with: seen), "a mark that the publish names is left")
    },
    ConformanceCase("A publish without version keeps the day's version and deletes its marks.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.publish(day)
      try await hot.upsert(ConformanceRow(1, day.at()))
      let marks = try await hot.marks(on: day)
      try await hot.publish(try await hot.publication(of: day, nil, marks: marks))
      let coverage = try await hot.coverage()
      try expectEqual(coverage.version(of: day)?.id, version.id, "version")
      try expect(!coverage.marked.contains(day), "the mark is left")
    },
    ConformanceCase("Every publish changes the epoch.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      var epochs: Set<Int64> = [try await hot.coverage().epoch]
      for round in 1...3 {
        try await hot.publish(day)
        epochs.insert(try await hot.coverage().epoch)
        try expectEqual(epochs.count, round + 1, "different epochs after \(round) publishes")
      }
    },
    ConformanceCase("The version that a publish replaces is unused from then on.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let replaced = try await hot.publish(day)
      try await hot.publish(day)
      let versions = try await hot.store.versions(of: hot.name)
      let record = versions.first { $0.id == replaced.id }
      try expectEqual(record?.state, .unused, "state of the replaced version")
      try expect(record?.unusedSince != nil, "the ledger does not know since when it is unused")
    },
  ]
}

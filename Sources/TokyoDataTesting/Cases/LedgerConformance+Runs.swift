extension LedgerConformance {
  static let condemnations: [ConformanceCase<Fixture>] = [
    ConformanceCase("A condemned version cannot be published.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.record(day)
      _ = try await hot.condemn(grace: .zero)
      try await expectError(.conflict, "publishing a condemned version") {
        try await hot.publish(try await hot.publication(of: day, version))
      }
      try expectEqual(try await hot.coverage().days[day]?.version, nil, "version")
    },
    ConformanceCase("A current version is never condemned.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.publish(day)
      let condemned = try await hot.condemn(grace: .zero)
      try expect(!condemned.contains { $0.id == version.id }, "a current version was condemned")
      try expectEqual(try await hot.state(of: version), .current, "state of a current version")
    },
    ConformanceCase("Versions are condemned only after the grace.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let unused = try await hot.publish(day)
      try await hot.publish(day)
      let ready = try await hot.record(day)
      let both: Set = [unused.id, ready.id]
      let early = try await hot.condemn(grace: .seconds(7 * 86_400))
      try expect(both.isDisjoint(with: early.map(\.id)), "a version was condemned within the grace")
      let late = try await hot.condemn(grace: .zero)
      try expect(both.isSubset(of: late.map(\.id)), "a version was not condemned after the grace")
      try expect(
        late.allSatisfy { $0.state == .condemned || !both.contains($0.id) }, "state of the condemned")
    },
    ConformanceCase("A run spares the versions that it recorded itself.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.version(of: day)
      let condemned = try await hot.store.withRun(of: hot.name, .export) { run in
        try await run.record(version)
        return try await run.condemn(grace: .zero)
      }
      try expect(!condemned.contains { $0.id == version.id }, "a run condemned its own version")
    },
    ConformanceCase("A condemned version is given until it is noted as collected.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.record(day)
      for _ in 1...2 {
        let given = try await hot.condemn(grace: .zero).map(\.id)
        try expect(given.contains(version.id), "a condemned version is not given")
      }
      try await hot.store.withRun(of: hot.name, .collect) { try await $0.noteCollected(version.id) }
      let given = try await hot.condemn(grace: .zero).map(\.id)
      try expect(!given.contains(version.id), "a collected version is given again")
      try expectEqual(try await hot.state(of: version), .condemned, "state of a collected version")
    },
    ConformanceCase("A verification is noted with its instant.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      try await hot.insert(ConformanceRow(1, day.at()))
      let version = try await hot.publish(day)
      let instant = hot.today.at(hour: 1, microsecond: 7)
      try await hot.store.withRun(of: hot.name, .verify) {
        try await $0.noteVerified(version.id, at: instant)
      }
      try expectEqual(try await hot.coverage().version(of: day)?.verifiedAt, instant, "instant")
    },
  ]

  static let runs: [ConformanceCase<Fixture>] = [
    ConformanceCase("A suspect day is neither published nor retired.") {
      let hot = try await HotScenario($0)
      let day = hot.day(ago: 2)
      let version = try await hot.suspect(day)
      try expectEqual(try await hot.coverage().state(of: day), .suspect, "state")
      let next = try await hot.record(day)
      try await expectError(.conflict, "a publish of a suspect day") {
        try await hot.publish(try await hot.publication(of: day, next))
      }
      try await expectError(.conflict, "a retirement of a suspect day") {
        _ = try await hot.retire(day, version)
      }
    },
    ConformanceCase("A resolved day is hot without version, or cold with its own, as the side was kept.") {
      let hot = try await HotScenario($0)
      let (keptHot, keptCopy) = (hot.day(ago: 2), hot.day(ago: 3))
      _ = try await hot.suspect(keptHot)
      let copy = try await hot.suspect(keptCopy)
      try await hot.store.withRun(of: hot.name, .resolve) { run in
        try await run.resolve(keptHot, keeping: .hot)
        try await run.resolve(keptCopy, keeping: .copy)
        _ = try await expectError(.conflict, "settling a day that is not suspect") {
          try await run.resolve(keptHot, keeping: .hot)
        }
      }
      let coverage = try await hot.coverage()
      try expectEqual(coverage.state(of: keptHot), .hot, "state where hot was kept")
      try expectEqual(coverage.days[keptHot]?.version, nil, "version where hot was kept")
      try expectEqual(coverage.state(of: keptCopy), .cold, "state where the copy was kept")
      try expectEqual(coverage.version(of: keptCopy)?.id, copy.id, "version where the copy was kept")
    },
    ConformanceCase("Two runs of one dataset exclude each other.") {
      let hot = try await HotScenario($0)
      try await hot.store.withRun(of: hot.name, .export) { _ in
        _ = try await expectError(.busy, "a second run") {
          try await hot.store.withRun(of: hot.name, .collect) { _ in }
        }
      }
      try await hot.store.withRun(of: hot.name, .collect) { _ in }
    },
  ]
}

extension HotScenario {
  /// Condemns in a run of its own.
  func condemn(grace: Duration) async throws -> [VersionRecord] {
    try await store.withRun(of: name, .collect) { try await $0.condemn(grace: grace) }
  }

  /// Writes and publishes a day and declares it suspect.
  func suspect(_ day: Day) async throws -> VersionRecord {
    try await insert(ConformanceRow(Int64(day.daysSince1970), day.at()))
    let version = try await publish(day)
    try await store.withRun(of: name, .verify) { try await $0.declareSuspect(day) }
    return version
  }
}

internal import TokyoDataLake

extension ETL {
  /// Removes from hot the days before a day whose copies are proven equal, oldest first.
  ///
  /// Each day is verified anew, then its rows are removed in one transaction that hashes what it removes.
  /// A day that cannot be proven stays, and the report says why.
  ///
  /// - Parameters:
  ///   - dataset: the dataset.
  ///   - before: the first day that stays; unless said otherwise today, by the store's clock, minus the
  ///     dataset's hot days.
  ///   - dryRun: say which days would be retired, and remove nothing.
  /// - Throws: `TokyoDataError.verificationFailed` where a copy is not what ledger and manifest say;
  ///   `.unsupported` for an undated dataset, or where retiring would lose more than rows.
  public func retire(
    _ dataset: DatasetName, before: Day? = nil, dryRun: Bool = false
  ) async throws -> RetireReport {
    try await within("retire", of: dataset) {
      let (facts, before) = try await retirable(dataset, before: before)
      var report = RetireReport(dataset: dataset, before: before, isDryRun: dryRun, days: [])
      guard !dryRun else {
        report.days = facts.map { day in day.report(day.obstacle ?? .planned) }
        return report
      }
      try await ledger.withRun(of: dataset, .retire) { run in
        for (index, day) in facts.enumerated() {
          report.days.append(try await retire(day, in: run))
          self.report(.retire, dataset, day.day, index + 1, of: facts.count)
        }
        try await showCurrent(of: run.dataset)
      }
      return report
    }
  }

  /// A day before the limit of which hot still holds rows, or the ledger a copy.
  private struct Candidate {
    var day: Day
    var version: VersionRecord?
    var obstacle: RetireReport.Outcome?

    func report(_ outcome: RetireReport.Outcome, rows: Int = 0) -> RetireReport.Day {
      RetireReport.Day(day: day, outcome: outcome, version: version?.id, rows: rows)
    }
  }

  private func retirable(_ dataset: DatasetName, before: Day?) async throws -> ([Candidate], Day) {
    try await source.withExportSnapshot(of: dataset) { snapshot in
      guard snapshot.dataset.isDated else {
        throw TokyoDataError(.unsupported, "an undated dataset stays in hot; there is nothing to retire")
      }
      let limit = before ?? snapshot.asOf.day.advanced(by: -snapshot.dataset.policy.hotDays)
      let coverage = try await snapshot.coverage()
      let held = try await snapshot.finishedDays()
      let days = Set(held.keys).union(coverage.days.keys).filter { $0 < limit }.sorted()
      let candidates: [Candidate] = days.compactMap { day in
        let version = coverage.version(of: day)
        switch coverage.state(of: day) {
        case .hot: return Candidate(day: day, version: nil, obstacle: .neverExported)
        case .both: return Candidate(day: day, version: version, obstacle: nil)
        case .suspect: return Candidate(day: day, version: version, obstacle: .suspect)
        case .cold, .expired: return nil
        }
      }
      return (candidates, limit)
    }
  }

  private func retire(_ day: Candidate, in run: any LedgerRun) async throws -> RetireReport.Day {
    guard let version = day.version, day.obstacle == nil else {
      return day.report(day.obstacle ?? .neverExported)
    }
    return try await within("retire", of: run.dataset.name, day: day.day) {
      try await verify(version, in: run)
      let onStep = options.onStep
      let outcome = try await source.retire(
        day.day, of: run.dataset.name, version: version.id, expecting: version.rowHash,
        step: { _ in onStep(.beforeRetireCommit) })
      switch outcome {
      case .retired(let rows): return day.report(.retired, rows: rows)
      case .differs(_, isMarked: true): return day.report(.changed)
      case .differs(_, isMarked: false):
        try await run.declareSuspect(day.day)
        return day.report(.suspect)
      }
    }
  }
}

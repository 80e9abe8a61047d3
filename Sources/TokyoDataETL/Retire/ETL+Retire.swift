internal import TokyoDataLake

extension ETL {
  /// Removes from hot the days before a day whose copies are proven equal, oldest first.
  ///
  /// Each day is verified anew. A partition that holds exactly days to be retired is detached, hashed and
  /// dropped; the rows of any other day are removed in one transaction that hashes what it removes. A day that
  /// cannot be proven stays, or its rows are kept beside the table, and the report says why and which way.
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
      let (candidates, before) = try await retirable(dataset, before: before)
      guard !dryRun else { return try await plan(candidates, of: dataset, before: before) }
      return try await ledger.withRun(of: dataset, .retire) { run in
        // The run's begin may have finished an earlier one's partition.
        let partitions = try await source.retirablePartitions(of: dataset, before: before)
        var report = RetireReport(
          dataset: dataset, before: before, isDryRun: false, days: [],
          partitionObstacle: partitions.obstacle)
        var isDetaching = true
        for step in RetireSchedule(candidates, partitions.partitions).steps {
          for day in try await retire(step, in: run, &isDetaching) {
            report.days.append(day)
            self.report(.retire, dataset, day.day, report.days.count, of: candidates.count)
          }
        }
        try await showCurrent(of: run.dataset)
        return report
      }
    }
  }

  private func plan(
    _ candidates: [RetireSchedule.Candidate], of dataset: DatasetName, before: Day
  ) async throws -> RetireReport {
    let partitions = try await source.retirablePartitions(of: dataset, before: before)
    let days = RetireSchedule(candidates, partitions.partitions).steps.flatMap { step in
      switch step {
      case .day(let day): [day.report(day.obstacle ?? .planned, day.obstacle == nil ? .delete : nil)]
      case .partition(let partition, let days): days.map { $0.report(.planned, .detach(partition.name)) }
      }
    }
    return RetireReport(
      dataset: dataset, before: before, isDryRun: true, days: days, partitionObstacle: partitions.obstacle)
  }

  private func retirable(
    _ dataset: DatasetName, before: Day?
  ) async throws -> ([RetireSchedule.Candidate], Day) {
    try await source.withExportSnapshot(of: dataset) { snapshot in
      guard snapshot.dataset.isDated else {
        throw TokyoDataError(.unsupported, "an undated dataset stays in hot; there is nothing to retire")
      }
      let limit = before ?? snapshot.asOf.day.advanced(by: -snapshot.dataset.policy.hotDays)
      let coverage = try await snapshot.coverage()
      let held = try await snapshot.finishedDays()
      let days = Set(held.keys).union(coverage.days.keys).filter { $0 < limit }.sorted()
      let candidates: [RetireSchedule.Candidate] = days.compactMap { day in
        let obstacle: RetireReport.Outcome?
        switch coverage.state(of: day) {
        case .hot: obstacle = .neverExported
        case .both: obstacle = nil
        case .suspect: obstacle = .suspect
        case .cold, .expired: return nil
        }
        return RetireSchedule.Candidate(
          day: day, version: coverage.version(of: day), obstacle: obstacle,
          isMarked: coverage.marked.contains(day))
      }
      return (candidates, limit)
    }
  }

  /// A partition that could not go keeps those after it: from then on days go one by one.
  private func retire(
    _ step: RetireSchedule.Step, in run: any LedgerRun, _ isDetaching: inout Bool
  ) async throws -> [RetireReport.Day] {
    let left: [RetireSchedule.Candidate]
    switch step {
    case .day(let day): left = [day]
    case .partition(let partition, let days):
      if isDetaching {
        let (reports, isGone) = try await retire(partition, days, in: run)
        isDetaching = isGone
        if let reports { return reports }
      }
      left = days
    }
    var reports: [RetireReport.Day] = []
    for day in left { reports.append(try await retire(day, in: run)) }
    return reports
  }

  private func retire(
    _ day: RetireSchedule.Candidate, in run: any LedgerRun
  ) async throws -> RetireReport.Day {
    guard let version = day.version, day.obstacle == nil else {
      return day.report(day.obstacle ?? .neverExported, nil)
    }
    return try await within("retire", of: run.dataset.name, day: day.day) {
      try await verify(version, in: run)
      let outcome = try await source.retire(
        day.day, of: run.dataset.name, version: version.id, expecting: version.rowHash, step: reached)
      switch outcome {
      case .retired(let rows): return day.report(.retired, .delete, rows: rows)
      case .differs(_, isMarked: true): return day.report(.changed, .delete)
      case .differs(_, isMarked: false):
        try await run.declareSuspect(day.day)
        return day.report(.suspect, .delete)
      }
    }
  }

  /// Every day is verified before any of them leaves hot.
  ///
  /// - Returns: nil instead of reports where a transaction came between, so that nothing happened.
  private func retire(
    _ partition: RetirablePartition, _ days: [RetireSchedule.Candidate], in run: any LedgerRun
  ) async throws -> (reports: [RetireReport.Day]?, isGone: Bool) {
    let versions = days.compactMap(\.version)
    for version in versions {
      try await within("retire", of: run.dataset.name, day: version.day) {
        try await verify(version, in: run)
      }
    }
    var suspect: [Day] = []
    switch try await source.retire(partition, of: run.dataset.name, versions: versions, step: reached) {
    case .retired: break
    case .differs(let differing): suspect = differing
    case .marked: return (nil, false)
    }
    let way = RetireReport.Way.detach(partition.name)
    let reports = days.map { day in
      suspect.contains(day.day)
        ? day.report(.suspect, way) : day.report(.retired, way, rows: day.version?.rowHash.rowCount ?? 0)
    }
    return (reports, suspect.isEmpty)
  }

  private func reached(_ step: RetireStep) {
    switch step {
    case .beforeCommit: options.onStep(.beforeRetireCommit)
    case .beforeDetachCommit: options.onStep(.beforeDetachCommit)
    case .detached: options.onStep(.detached)
    case .beforeDrop: options.onStep(.beforeDrop)
    }
  }
}

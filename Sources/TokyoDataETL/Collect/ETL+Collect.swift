internal import TokyoDataLake

extension ETL {
  /// Deletes versions that nobody names: unused ones, and such as a killed run left behind.
  ///
  /// They are condemned in the ledger first, so no run can publish them and no reader believes an answer
  /// that used them; then their partitions and files go.
  ///
  /// - Parameters:
  ///   - dataset: the dataset.
  ///   - grace: how long a version must have been unused, or recorded and never published; the options'
  ///     unless said otherwise.
  ///   - dryRun: say what would be deleted, and delete nothing.
  public func collect(
    _ dataset: DatasetName, grace: Duration? = nil, dryRun: Bool = false
  ) async throws -> CollectReport {
    let grace = grace ?? options.grace
    return try await within("gc", of: dataset) {
      guard !dryRun else {
        let now = try await source.withExportSnapshot(of: dataset) { $0.asOf }
        let due = try await ledger.versions(of: dataset).filter { $0.isCollectable(at: now, grace: grace) }
        return CollectReport(dataset: dataset, isDryRun: true, versions: due.map(\.id))
      }
      return try await ledger.withRun(of: dataset, .collect) { run in
        CollectReport(
          dataset: dataset, isDryRun: false, versions: try await collect(in: run, grace: grace))
      }
    }
  }

  func collect(in run: any LedgerRun, grace: Duration) async throws -> [VersionID] {
    // A run that was killed after it published left the view behind: a day that still shows an old version
    // would vanish with it.
    try await showCurrent(of: run.dataset)
    let condemned = try await run.condemn(grace: grace)
    for version in condemned {
      options.onStep(.condemned)
      try await lake.delete(version, of: run.dataset)
      try await run.noteCollected(version.id)
    }
    return condemned.map(\.id)
  }
}

extension VersionRecord {
  /// What `LedgerRun.condemn` would condemn, or has and is not collected.
  fileprivate func isCollectable(at now: Timestamp, grace: Duration) -> Bool {
    guard collectedAt == nil else { return false }
    switch state {
    case .current: return false
    case .condemned: return true
    case .ready, .unused:
      return (unusedSince ?? exportedAt).microseconds(until: now) >= grace.microseconds
    }
  }
}

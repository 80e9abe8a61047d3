internal import TokyoDataLake

extension ETL {
  /// Where each day of a dataset stands, oldest first: all that the ledger knows, and all that hot holds.
  public func status(_ dataset: DatasetName) async throws -> [DayStatus] {
    try await source.status(of: dataset)
  }

  /// Settles a suspect day.
  ///
  /// - Throws: `TokyoDataError.conflict` where the day is not suspect.
  public func resolve(_ dataset: DatasetName, day: Day, keeping side: SuspectResolution) async throws {
    try await within("resolve", of: dataset, day: day) {
      try await ledger.withRun(of: dataset, .resolve) { run in
        try await run.resolve(day, keeping: side)
        try await showCurrent(of: run.dataset)
      }
    }
  }

  /// Brings the lake's view for outside readers up to the ledger.
  func showCurrent(of dataset: Dataset) async throws {
    let current = try await currentVersions(of: dataset.name)
    // A dataset of which nothing was ever exported has no view yet.
    if current.isEmpty, try await lake.catalog.shown(of: dataset).isEmpty { return }
    try await lake.catalog.show(current, of: dataset)
  }

  /// The versions that readers use, by day.
  func currentVersions(of dataset: DatasetName) async throws -> [VersionRecord] {
    let coverage = try await ledger.coverage(of: dataset)
    return coverage.days.keys.sorted().compactMap { coverage.version(of: $0) }
  }
}

extension ExportSource {
  /// Where each day of a dataset stands, oldest first: all that the ledger knows, and all that hot holds.
  ///
  /// It needs no lake.
  public func status(of dataset: DatasetName) async throws -> [DayStatus] {
    try await within("status", of: dataset) {
      try await withExportSnapshot(of: dataset) { snapshot in
        let coverage = try await snapshot.coverage()
        let held = try await snapshot.finishedDays()
        return Set(held.keys).union(coverage.days.keys).sorted().map { day in
          let version = coverage.version(of: day)
          return DayStatus(
            day: day, state: coverage.state(of: day), version: version?.id,
            rows: version?.rowHash.rowCount ?? held[day] ?? 0, bytes: version?.bytes ?? 0,
            marked: coverage.marked.contains(day), verifiedAt: version?.verifiedAt)
        }
      }
    }
  }
}

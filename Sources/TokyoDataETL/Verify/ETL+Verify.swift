internal import TokyoDataLake

extension ETL {
  /// Reads copies again and compares them with their manifests, the catalog and the ledger.
  ///
  /// - Parameters:
  ///   - dataset: the dataset.
  ///   - days: the days to verify; all that have a copy unless said otherwise.
  /// - Returns: a report that names each day's first difference.
  public func verify(_ dataset: DatasetName, days: ClosedRange<Day>? = nil) async throws -> VerifyReport {
    try await within("verify", of: dataset) {
      try await ledger.withRun(of: dataset, .verify) { run in
        let coverage = try await ledger.coverage(of: dataset)
        let wanted = coverage.days.keys.sorted().filter { days?.contains($0) ?? true }
        let versions = wanted.compactMap { coverage.version(of: $0) }
        var report = VerifyReport(dataset: dataset, days: [])
        for (index, version) in versions.enumerated() {
          report.days.append(try await finding(on: version, in: run))
          self.report(.verify, dataset, version.day, index + 1, of: versions.count)
        }
        return report
      }
    }
  }

  private func finding(on version: VersionRecord, in run: any LedgerRun) async throws -> VerifyReport.Day {
    var day = VerifyReport.Day(
      day: version.day, version: version.id, rows: version.rowHash.rowCount, difference: nil)
    do {
      try await verify(version, in: run)
    } catch let error as TokyoDataError where error.isDifference {
      day.difference = error.message
    }
    return day
  }

  /// Checks one copy and its place in the catalog, and notes in the ledger that it holds.
  func verify(_ version: VersionRecord, in run: any LedgerRun) async throws {
    try await VersionChecker(lake, run.dataset).verify(version)
    let now = try await source.withExportSnapshot(of: run.dataset.name) { $0.asOf }
    try await run.noteVerified(version.id, at: now)
  }
}

extension TokyoDataError {
  /// The copy is not what it should be, as opposed to a store that cannot be asked.
  fileprivate var isDifference: Bool {
    code == .verificationFailed || code == .invalidData || code == .notFound
  }
}

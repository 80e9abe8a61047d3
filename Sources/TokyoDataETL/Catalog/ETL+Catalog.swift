internal import TokyoDataLake

extension ETL {
  /// Compares the catalog of a dataset with ledger and lake; nothing is changed.
  public func checkCatalog(of dataset: DatasetName) async throws -> CatalogReport {
    try await within("catalog check", of: dataset) {
      try await ledger.withRun(of: dataset, .verify) { run in
        let (versions, current) = try await catalogued(dataset)
        let found = try await CatalogChecker(lake, run.dataset).check(versions, current: current)
        return CatalogReport(dataset: dataset, found: found, left: found)
      }
    }
  }

  /// Mends the catalog of a dataset: adds what is missing, and corrects what is ours.
  ///
  /// The lake's files stay as they are.
  ///
  /// - Returns: what was found, and what only others, or a new export, can mend.
  /// - Throws: `TokyoDataError.conflict` where a table of the dataset's name is somebody else's.
  public func repairCatalog(of dataset: DatasetName) async throws -> CatalogReport {
    try await within("catalog repair", of: dataset) {
      try await ledger.withRun(of: dataset, .verify) { run in
        let (versions, current) = try await catalogued(dataset)
        let (found, left) = try await CatalogChecker(lake, run.dataset).repair(versions, current: current)
        return CatalogReport(dataset: dataset, found: found, left: left)
      }
    }
  }

  /// Removes all that the catalog says of a dataset; the lake's files stay, and a repair brings it back.
  ///
  /// Until then queries over copies fail where the catalog is needed to read them.
  ///
  /// - Throws: `TokyoDataError.conflict` where a table of the dataset's name is somebody else's; it stays.
  public func dropCatalog(of dataset: DatasetName) async throws {
    try await within("catalog drop", of: dataset) {
      try await ledger.withRun(of: dataset, .verify) { run in
        try await lake.catalog.drop(run.dataset)
      }
    }
  }

  private func catalogued(
    _ dataset: DatasetName
  ) async throws -> (versions: [VersionRecord], current: [VersionRecord]) {
    (try await ledger.versions(of: dataset), try await currentVersions(of: dataset))
  }
}

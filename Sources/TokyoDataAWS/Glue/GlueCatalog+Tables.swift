internal import TokyoDataCore
internal import TokyoDataLake

extension GlueCatalog {
  /// Brings a table to what it should be, and reads it back.
  ///
  /// Each round reads the table, decides and writes; the next one sees whether it is so now. So whoever comes
  /// second, or does not know whether a call got through, goes by what is there.
  ///
  /// - Parameter change: What else is to be different.
  /// - Throws: `TokyoDataError.conflict` where others change it all the time, or it is not ours.
  func settle(_ table: LakeTable, _ change: (inout GlueTable) -> Void = { _ in }) async throws {
    for round in 0..<rounds.count {
      if round > 1 { try await rounds.wait(before: round) }
      let there = try await glue.table(table.name)
      var wanted = try table.table(after: there)
      change(&wanted)
      guard wanted != there else { return }
      do {
        if there == nil {
          try await create(wanted, table.indexes)
        } else {
          try await glue.updateTable(wanted)
        }
      } catch let error as AWSServiceError
        where GlueErrorCode.changed.contains(error.code) || error.code == GlueErrorCode.alreadyExists
      { continue }
    }
    throw TokyoDataError(.conflict, "somebody else changes the catalog's table \(table.name)")
  }

  /// Creates a table, and the database where that is missing.
  private func create(_ table: GlueTable, _ indexes: [GluePartitionIndex]) async throws {
    do { try await glue.createTable(table, indexes: indexes) } catch let error as AWSServiceError
      where error.code == GlueErrorCode.notFound
    {
      do { try await glue.createDatabase() } catch let error as AWSServiceError
        where error.code == GlueErrorCode.alreadyExists
      {}
      try await glue.createTable(table, indexes: indexes)
    }
  }

  /// What a call answers; nothing where the table is not there.
  func orEmpty<Item>(_ call: () async throws -> [Item]) async throws -> [Item] {
    do { return try await call() } catch let error as AWSServiceError
      where error.code == GlueErrorCode.notFound
    { return [] }
  }

  /// Runs one operation of the catalog; its errors are in our terms.
  func run<Result>(
    _ dataset: Dataset, _ operation: String, _ body: () async throws -> Result
  ) async throws -> Result {
    do { return try await body() } catch {
      throw TokyoDataError.of(error, .init(store: name, operation: operation, dataset: dataset.name))
    }
  }
}

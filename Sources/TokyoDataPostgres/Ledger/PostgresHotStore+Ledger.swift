public import TokyoDataCore

extension PostgresHotStore: Ledger {
  /// The datasets, by name.
  public func datasets() async throws -> [DatasetName] {
    try await withConnection("ledger") { try await LedgerReading(session: $0).names() }
  }

  /// The definition of a dataset.
  public func dataset(_ name: DatasetName) async throws -> Dataset {
    try await withConnection("ledger", of: name) {
      try await LedgerReading(session: $0).dataset(name).dataset
    }
  }

  /// What the ledger says of a dataset now.
  public func coverage(of dataset: DatasetName) async throws -> Coverage {
    try await withConnection("ledger", of: dataset) { connection in
      try await connection.withTransaction(.repeatableRead.readOnly) {
        try await LedgerReading(session: $0).coverage(of: dataset)
      }
    }
  }

  /// All versions of a dataset, condemned ones included, by id.
  public func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try await withConnection("ledger", of: dataset) { connection in
      let reading = LedgerReading(session: connection)
      _ = try await reading.dataset(dataset)
      return try await reading.versions("dataset = \("\(dataset)")")
    }
  }

  /// Runs `body` as the dataset's only run, on a session that holds the run's lock.
  public func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result {
    try await translating("\(kind)", of: dataset) {
      guard !pool.configuration.isBehindTransactionPooler else {
        throw TokyoDataError(
          .unsupported,
          "a run keeps a lock in its session, which a transaction-pooling proxy gives to others: "
            + "use a store that connects to the server itself")
      }
      return try await pool.withConnection { connection in
        let run = try await PostgresLedgerRun.begin(kind, of: dataset, on: connection)
        do {
          let result = try await body(run)
          try await run.end(outcome: "done")
          return result
        } catch {
          try? await run.end(outcome: "failed: \((error as? TokyoDataError)?.code.description ?? "error")")
          throw error
        }
      }
    }
  }
}

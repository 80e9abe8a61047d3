public import TokyoDataCore

extension PostgresHotStore {
  /// The dataset that a table would become, without installing it.
  public func propose(_ proposal: DatasetProposal) async throws -> Dataset {
    try await withConnection("install") { connection in
      let table = try await TableDescription(QualifiedName(proposal.table), in: connection)
      return try proposal.dataset(of: table)
    }
  }

  /// Makes a table a dataset: the ledger's schema where it is missing, the definition, and the triggers.
  ///
  /// - Returns: the definition as installed.
  /// - Throws: `TokyoDataError` naming the column that stands in the way; `.busy` where the table's lock was
  ///   not to be had.
  @discardableResult
  public func install(_ proposal: DatasetProposal) async throws -> Dataset {
    let dataset = try await propose(proposal)
    try await install(dataset, on: QualifiedName(proposal.table))
    return dataset
  }

  /// Installs a dataset on the table of its name in schema `public`.
  public func install(_ dataset: Dataset) async throws {
    try await install(dataset, on: QualifiedName(schema: "public", table: "\(dataset.name)"))
  }

  private func install(_ dataset: Dataset, on name: QualifiedName) async throws {
    defer { targets.forget(dataset.name) }
    try await retryingLocks(within: .seconds(10)) {
      try await withConnection("install", of: dataset.name) { connection in
        try await connection.withTransaction { transaction in
          try await Installation(dataset: dataset, name: name, transaction: transaction).run()
        }
      }
    }
  }
}

/// One installation, all or nothing.
private struct Installation {
  let dataset: Dataset
  let name: QualifiedName
  let transaction: PostgresTransaction

  func run() async throws {
    // Two processes that install at once take turns; the table's lock is waited for in bounds.
    try await LedgerMigration(transaction: transaction).run()
    let table = try await TableDescription(name, in: transaction)
    try await InstallChecks(dataset: dataset, table: table).run(in: transaction)
    let earlier = try await requireCompatible()
    if let timeColumn = dataset.timeColumn {
      let triggers = DatasetTriggers(dataset: dataset, table: name, timeColumn: timeColumn)
      try await transaction.execute(script: triggers.functions)
      // Triggers that stand stay: made anew, they would look like a gap in which marks were missed.
      let structure = try await TableStructure(of: table, timeColumn: timeColumn, in: transaction)
      if !structure.isGuarded || earlier?.timeColumn != timeColumn {
        try await transaction.execute(script: triggers.triggers)
      }
    }
    try await define(
      try await TableStructure(of: table, timeColumn: dataset.timeColumn, in: transaction))
  }

  /// What is exported was exported by its time column and key, so these can no longer change.
  ///
  /// - Returns: the definition that is installed; nil for none.
  private func requireCompatible() async throws -> Dataset? {
    let taken = try await transaction.ask(
      """
      SELECT name = \("\(dataset.name)") AND source_table = \(name.text) AS is_same, definition,
        EXISTS (SELECT FROM tokyo_data.coverage c WHERE c.dataset = name) AS is_covered
      FROM tokyo_data.datasets WHERE source_table = \(name.text) OR name = \("\(dataset.name)")
      """)
    guard taken.rowCount > 0 else { return nil }
    guard taken.rowCount == 1, taken.columns[0][0] == .bool(true) else {
      throw TokyoDataError(
        .conflict, "the name or the table belongs to another dataset; two tables never share one")
    }
    let earlier = try LedgerText.decode(Dataset.self, from: taken.columns[1].text(0))
    if taken.columns[2][0] == .bool(true) {
      guard earlier.timeColumn == dataset.timeColumn, earlier.primaryKey == dataset.primaryKey else {
        throw TokyoDataError(
          .conflict, "days are exported already by another time column or key, which can no longer change")
      }
    }
    return earlier
  }

  private func define(_ structure: TableStructure) async throws {
    try await transaction.execute(
      """
      INSERT INTO tokyo_data.datasets AS d (name, source_table, definition, epoch, structure)
      VALUES (\("\(dataset.name)"), \(name.text), \(try LedgerText.encode(dataset)),
        \(Int64.random(in: .min ... .max)), \(try LedgerText.encode(structure)))
      ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, epoch = excluded.epoch
      WHERE d.definition IS DISTINCT FROM excluded.definition
      """)
  }
}

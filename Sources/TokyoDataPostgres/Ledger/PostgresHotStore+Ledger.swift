public import TokyoDataCore

extension PostgresHotStore: Ledger {
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
    try await withConnection("install", of: dataset.name) { connection in
      try await connection.withTransaction { transaction in
        // Two processes that install at once take turns; the tables' locks are waited for in bounds.
        try await transaction.execute("SELECT pg_advisory_xact_lock(\(Self.installLock))")
        try await transaction.execute("SET LOCAL lock_timeout = '5s'")
        let table = try await TableDescription(name, in: transaction)
        _ = try table.source(of: dataset)
        try await transaction.execute(script: LedgerSchema.creation)
        try await requireKnownFormat(in: transaction)
        if let timeColumn = dataset.timeColumn {
          let triggers = DatasetTriggers(dataset: dataset, table: name, timeColumn: timeColumn)
          try await transaction.execute(script: triggers.creation)
        }
        let structure = try await TableStructure(of: name, oid: table.oid, in: transaction)
        try await define(dataset, table: name, structure: structure, in: transaction)
      }
    }
  }

  private func requireKnownFormat(in transaction: PostgresTransaction) async throws {
    let rows = try await transaction.query("SELECT format::int8 AS format FROM tokyo_data.ledger")
    guard rows.rowCount == 1, rows.columns[0].integer(0) <= LedgerSchema.format else {
      throw TokyoDataError(.unsupported, "the ledger is of a later release")
    }
  }

  private func define(
    _ dataset: Dataset, table: QualifiedName, structure: TableStructure, in transaction: PostgresTransaction
  ) async throws {
    let name = "\(dataset.name)"
    let taken = try await transaction.query(
      """
      SELECT name FROM tokyo_data.datasets
      WHERE (source_table = \(table.text)) <> (name = \(name))
      """)
    guard taken.rowCount == 0 else {
      throw TokyoDataError(
        .conflict, "the name or the table belongs to another dataset; two tables never share one")
    }
    try await transaction.execute(
      """
      INSERT INTO tokyo_data.datasets AS d (name, source_table, definition, epoch, structure)
      VALUES (\(name), \(table.text), \(try LedgerText.encode(dataset)), \(Int64.random(in: .min ... .max)),
        \(try LedgerText.encode(structure)))
      ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, epoch = excluded.epoch
      WHERE d.definition IS DISTINCT FROM excluded.definition
      """)
  }

  private static let installLock: Int64 = 0x746F_6B79_6F00_0001

  public func datasets() async throws -> [DatasetName] {
    try await withConnection("ledger") { try await LedgerReading(session: $0).names() }
  }

  public func dataset(_ name: DatasetName) async throws -> Dataset {
    try await withConnection("ledger", of: name) {
      try await LedgerReading(session: $0).dataset(name).dataset
    }
  }

  public func coverage(of dataset: DatasetName) async throws -> Coverage {
    try await withConnection("ledger", of: dataset) { connection in
      try await connection.withTransaction(.repeatableRead.readOnly) {
        try await LedgerReading(session: $0).coverage(of: dataset)
      }
    }
  }

  public func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try await withConnection("ledger", of: dataset) {
      try await LedgerReading(session: $0).versions("dataset = \("\(dataset)")")
    }
  }

  public func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result {
    try await translating("\(kind)", of: dataset) {
      try await pool.withConnection { connection in
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

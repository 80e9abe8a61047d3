public import TokyoDataCore

extension PostgresHotStore: HotStore {
  /// Runs `body` in one read-only snapshot; the tables are locked against changes before it is taken.
  public func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    try await withConnection("query", of: datasets.first) { connection in
      if let tables = known.tables(of: datasets) {
        var hasBegun = false
        do {
          return try await withSnapshot(of: datasets, from: tables, on: connection) {
            hasBegun = true
            return try await body($0)
          }
        } catch {
          // The tables may have other names by now, which the ledger knows.
          guard !hasBegun, WriteTargets.isDoubted(by: error) else { throw error }
          known.forgetTables(of: datasets)
        }
      }
      let tables = try await LedgerReading(session: connection, known: known).entries(of: datasets)
        .entries.map(\.table)
      known.keep(tables, of: datasets)
      return try await withSnapshot(of: datasets, from: tables, on: connection, body)
    }
  }

  private func withSnapshot<Result>(
    of datasets: [DatasetName], from tables: [QualifiedName], on connection: PostgresConnection,
    _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    let scope = TransactionScope.transaction(.repeatableRead.readOnly, first: Self.readying(tables))
    return try await connection.with(scope, until: nil) { transaction in
      try await body(snapshot(of: datasets, from: tables, in: transaction))
    }
  }

  /// What a snapshot's transaction runs before it looks.
  private static func readying(_ tables: [QualifiedName]) -> PostgresStatement {
    // Rows that a policy hides would be missing from sums, or uncover what they replace in the lake.
    let setting: PostgresStatement = "SET LOCAL row_security = off"
    guard !tables.isEmpty else { return setting }
    // Lock, then look: the first SELECT fixes the snapshot, and what rewrites tables is kept out by then.
    let names = tables.map { name -> PostgresStatement in "ONLY \(name.sql)" }
    return "\(setting); LOCK TABLE \(.joining(names, separator: ", ")) IN ACCESS SHARE MODE"
  }

  /// The snapshot of a transaction in which nothing was looked at yet, and these tables are locked.
  private func snapshot(
    of names: [DatasetName], from tables: [QualifiedName], in transaction: PostgresTransaction
  ) async throws -> PostgresHotSnapshot {
    let ledger = LedgerReading(session: transaction, known: known)
    let (entries, asOf) = try await ledger.entries(of: names)
    guard entries.map(\.table) == tables else { throw WriteTargets.outOfDate }
    var sources: [DatasetName: PostgresHotSnapshot.Source] = [:]
    for entry in entries {
      let description = try await TableDescription(entry.table, in: transaction)
      sources[entry.dataset.name] = PostgresHotSnapshot.Source(
        entry: entry, table: try description.source(of: entry.dataset))
    }
    return PostgresHotSnapshot(transaction: transaction, ledger: ledger, asOf: asOf, sources: sources)
  }

  /// Those of the versions that are condemned or unknown now, as the primary knows.
  public func condemned(
    among versions: [VersionID], of dataset: DatasetName
  ) async throws -> Set<VersionID> {
    guard !versions.isEmpty else { return [] }
    return try await withConnection("query", of: dataset) { connection in
      let rows = try await connection.ask(
        """
        SELECT asked.version FROM unnest(\(versions.map(\.description))::text[]) AS asked(version)
        LEFT JOIN tokyo_data.versions v ON v.dataset = \("\(dataset)") AND v.version = asked.version
        WHERE coalesce(v.state, 'condemned') = 'condemned'
        """)
      return Set(rows.texts(0).compactMap { VersionID($0) })
    }
  }

  /// The ledger's id, which is asked for once.
  ///
  /// - Throws: `TokyoDataError.unknownDataset` where nothing was ever installed.
  public func ledgerID() async throws -> LedgerID {
    if let id = knownLedgerID.id { return id }
    let id = try await withConnection("query") { try await LedgerReading(session: $0).id() }
    knownLedgerID.keep(id)
    return id
  }

  /// Runs `body` in one transaction with SQL at hand, and again where the server gave it up for others.
  ///
  /// Every `\(value)` in a statement is a bind. At the default level a transaction of several statements sees
  /// what others commit between them. After a serialization failure (40001) or a deadlock (40P01) the whole
  /// body runs again, in a new transaction, after a pause: what it does besides must bear that. Nothing else
  /// is tried again, least of all a transaction whose outcome is unknown. `body` runs where the caller does.
  ///
  /// - Parameters:
  ///   - level: how much the transaction sees of others.
  ///   - retries: how many more attempts a conflict is worth; a number, or with pauses of your own.
  ///   - timeout: how long all attempts together may take, with their pauses and the wait for a session; what
  ///     then runs is canceled and rolled back.
  ///   - body: the transaction's work; a conflict counts only where its error leaves here as it was thrown.
  /// - Throws: what `body` throws, as it is; after the last attempt its conflict, whose context tells the
  ///   number of attempts; `TokyoDataError.timeout`; `CancellationError` when canceled, in a pause too.
  @discardableResult
  public func withTransaction<Result>(
    level: PostgresTransactionLevel = .readCommitted, retries: PostgresRetries = 3, timeout: Duration? = nil,
    _ body: (PostgresHotTransaction) async throws -> Result
  ) async throws -> Result {
    let deadline = CallLimits(timeout: timeout).deadline
    return try await retries.run(until: deadline) {
      try await withConnection("transaction", until: deadline) { connection in
        let targets = TransactionTargets(targets, level)
        let result = try await connection.with(.transaction(level), until: deadline) { transaction in
          try await body(PostgresHotTransaction(transaction, targets))
        }
        targets.share()
        return result
      }
    }
  }

  /// Runs one statement and returns its rows.
  ///
  /// The timeout counts from the call, but what opens a session for many tasks is not given up for one.
  public func query(
    _ statement: PostgresStatement, as expected: ColumnSchema? = nil, timeout: Duration? = nil
  ) async throws -> ColumnBatch {
    let limits = CallLimits(timeout: timeout)
    return try await translating("query") {
      try await shared.withConnection { try await $0.query(statement, as: expected, nil, limits) }
    }
  }

  /// Runs one statement and returns the number of rows that it changed.
  ///
  /// The timeout counts from the call, but what opens a session for many tasks is not given up for one.
  @discardableResult
  public func execute(_ statement: PostgresStatement, timeout: Duration? = nil) async throws -> Int {
    let limits = CallLimits(timeout: timeout)
    return try await translating("execute") {
      try await shared.withConnection { try await $0.execute(statement, nil, limits) }
    }
  }
}

/// In an extension of the protocol, so that `withTransaction { … }` on the store itself is the one with SQL.
extension HotStore where Self == PostgresHotStore {
  /// Runs `body` once, in one transaction; what it throws rolls back and is rethrown as it is.
  public func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    try await withTransaction(level: .readCommitted, retries: .none) { transaction in
      try await body(transaction)
    }
  }
}

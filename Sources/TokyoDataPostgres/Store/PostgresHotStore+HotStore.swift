public import TokyoDataCore

extension PostgresHotStore: HotStore {
  public func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    try await withConnection("query", of: datasets.first) { connection in
      var tables: [QualifiedName] = []
      for name in datasets { tables.append(try await LedgerReading(session: connection).dataset(name).table) }
      return try await connection.withTransaction(.repeatableRead.readOnly) { transaction in
        // Lock, then look: the first SELECT fixes the snapshot, and what rewrites tables is kept out by then.
        for table in tables {
          try await transaction.execute("LOCK TABLE ONLY \(table.sql) IN ACCESS SHARE MODE")
        }
        let now = try await transaction.query("SELECT clock_timestamp() AS now")
        guard case .timestamp(let asOf) = now.columns[0][0] else {
          throw TokyoDataError(.internal, "the server told no time")
        }
        var sources: [DatasetName: PostgresHotSnapshot.Source] = [:]
        for name in datasets {
          let (dataset, table) = try await LedgerReading(session: transaction).dataset(name)
          sources[name] = PostgresHotSnapshot.Source(
            dataset: dataset, table: try await TableDescription(table, in: transaction).source(of: dataset))
        }
        return try await body(
          PostgresHotSnapshot(transaction: transaction, asOf: asOf, sources: sources))
      }
    }
  }

  public func condemned(
    among versions: [VersionID], of dataset: DatasetName
  ) async throws -> Set<VersionID> {
    guard !versions.isEmpty else { return [] }
    return try await withConnection("query", of: dataset) { connection in
      let rows = try await connection.query(
        """
        SELECT asked.version FROM unnest(\(versions.map(\.description))::text[]) AS asked(version)
        LEFT JOIN tokyo_data.versions v ON v.dataset = \("\(dataset)") AND v.version = asked.version
        WHERE coalesce(v.state, 'condemned') = 'condemned'
        """)
      return Set(rows.texts(0).compactMap { VersionID($0) })
    }
  }

  public func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    try await withConnection("transaction") { connection in
      try await connection.withTransaction { transaction in
        try await body(PostgresHotTransaction(session: transaction))
      }
    }
  }

  /// Runs `body` in one transaction with SQL at hand; what it throws rolls back and is rethrown as it is.
  ///
  /// Every `\(value)` in a statement is a bind. A transaction of several statements sees what others
  /// commit between them, unless a level says otherwise.
  public func withTransaction<Result>(
    _ level: PostgresTransactionLevel,
    _ body: (PostgresHotTransaction) async throws -> Result
  ) async throws -> Result {
    try await withConnection("transaction") { connection in
      try await connection.withTransaction(level) { transaction in
        try await body(PostgresHotTransaction(session: transaction))
      }
    }
  }

  /// Runs one statement and returns its rows.
  public func query(_ statement: PostgresStatement, as expected: ColumnSchema? = nil) async throws -> ColumnBatch {
    try await withConnection("query") { try await $0.query(statement, as: expected) }
  }

  /// Runs one statement and returns the number of rows that it changed.
  @discardableResult
  public func execute(_ statement: PostgresStatement) async throws -> Int {
    try await withConnection("execute") { try await $0.execute(statement) }
  }
}

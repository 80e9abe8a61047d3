public import TokyoDataCore

extension PostgresHotStore: ExportSource {
  /// Runs `body` in one snapshot for export of a dataset, whose table is locked against changes.
  public func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result {
    try await withConnection("export", of: dataset) { connection in
      let (_, name) = try await LedgerReading(session: connection).dataset(dataset)
      return try await connection.withTransaction(.repeatableRead.readOnly) { transaction in
        // A policy must be an error, not a subset; managed servers end long and idle transactions.
        try await transaction.execute(
          script: """
            SET LOCAL row_security = off; SET LOCAL statement_timeout = 0;
            SET LOCAL idle_in_transaction_session_timeout = 0
            """)
        // Lock, then look: what rewrites or detaches is not held back by a snapshot.
        try await transaction.execute("LOCK TABLE \(name.sql) IN ACCESS SHARE MODE")
        let (definition, _) = try await LedgerReading(session: transaction).dataset(dataset)
        let table = try await TableDescription(name, in: transaction).source(of: definition)
        let look = try await transaction.query(
          "SELECT pg_current_snapshot()::text AS snapshot, statement_timestamp() AS as_of")
        guard case .timestamp(let asOf) = look.columns[1][0] else {
          throw TokyoDataError(.internal, "the server told no time")
        }
        return try await body(
          PostgresExportSnapshot(
            transaction: transaction, id: look.columns[0].text(0), asOf: asOf, dataset: definition,
            table: table))
      }
    }
  }

  /// Notes who holds a write lock on the table or a partition, and waits for exactly those, as `CREATE INDEX
  /// CONCURRENTLY` does.
  ///
  /// Prepared transactions count too.
  public func waitForWriters(
    of dataset: DatasetName, atMost limit: Duration
  ) async throws -> [OpenWriter] {
    try await withConnection("export", of: dataset) { connection in
      let (_, name) = try await LedgerReading(session: connection).dataset(dataset)
      let table = try await TableDescription(name, in: connection)
      var writers = try await Self.writers(on: table, in: connection)
      let deadline = ContinuousClock.now + limit
      var pause = Duration.milliseconds(5)
      while !writers.isEmpty, ContinuousClock.now < deadline {
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(500))
        writers.formIntersection(try await Self.writers(on: table, in: connection))
      }
      return Set(writers.map(\.processID)).sorted().map(OpenWriter.init(processID:))
    }
  }

  private struct Writer: Hashable {
    /// The virtual transaction: another transaction of the same process is another writer.
    var transaction: String
    var processID: Int
  }

  private static func writers(
    on table: TableDescription, in connection: PostgresConnection
  ) async throws -> Set<Writer> {
    let root = Int64(table.oid)
    let rows = try await connection.query(
      """
      SELECT DISTINCT virtualtransaction AS transaction, coalesce(pid, 0)::int8 AS pid
      FROM pg_catalog.pg_locks
      WHERE locktype = 'relation' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
        AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
        AND (relation = \(root)::oid
          OR relation IN (SELECT relid FROM pg_partition_tree(\(root)::oid::regclass)))
      """)
    return Set(
      (0..<rows.rowCount).map {
        Writer(transaction: rows.columns[0].text($0), processID: Int(rows.columns[1].integer($0)))
      })
  }

  /// Removes a day's rows in one transaction if they hash as expected, and makes the day cold.
  public func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    do {
      return try await retryingLocks(within: .seconds(10)) {
        try await withConnection("retire", of: dataset) { connection in
          let (_, name) = try await LedgerReading(session: connection).dataset(dataset)
          return try await connection.withTransaction { transaction in
            try await Retirement(
              day: day, version: version, expected: expected, transaction: transaction, name: name
            ).run(of: dataset, step: step)
          }
        }
      }
    } catch let stay as Retirement.Difference {
      return .differs(found: stay.found, isMarked: stay.isMarked)
    }
  }
}

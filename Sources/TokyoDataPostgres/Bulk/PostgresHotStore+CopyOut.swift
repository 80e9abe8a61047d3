public import TokyoDataCore

/// Reading in bulk, by several sessions that see the same rows.
extension PostgresHotStore {
  /// Copies a dataset's rows out in parts, several at a time, all as of one instant.
  ///
  /// One session exports its snapshot and others take it over, so that every row comes exactly once whatever
  /// is written meanwhile; the table's definition is locked. Each worker runs `consume` for one part after the
  /// other, in no promised order, beside the thread that reads and decodes ahead. What `consume` leaves of a
  /// part is not sent. The first error cancels all other workers; before it is thrown, all transactions have
  /// ended and all sessions are back. The snapshot holds back vacuum for as long as this takes.
  ///
  /// Sessions beyond the first are used where the pool has them to spare when this begins. Policies of row
  /// security are an error.
  ///
  /// - Parameters:
  ///   - dataset: the dataset, as it is installed.
  ///   - split: how the rows are split; by the days of the dataset's time column unless said otherwise.
  ///   - workers: the most parts that are read at a time, each by a session of its own.
  ///   - size: when a batch is full.
  ///   - consume: is given a part and its rows.
  /// - Throws: what `consume` throws; `TokyoDataError.unsupported` behind a transaction pooler,
  ///   `.invalidArgument` where the split does not fit the table; `CancellationError`.
  public func copyOut(
    of dataset: DatasetName, by split: PostgresSplit = .days(), workers: Int = 4,
    batch size: BatchSize = BatchSize(),
    _ consume: @escaping @Sendable (PostgresPart, PostgresBatches) async throws -> Void
  ) async throws {
    try await withParts(size, workers: workers, dataset: dataset, consume) { session in
      try await LedgerReading(session: session).dataset(dataset).table.sql
    } plan: { session in
      let (definition, name) = try await LedgerReading(session: session).dataset(dataset)
      let table = try await TableDescription(name, in: session).source(of: definition)
      return PartPlan(
        table: name.sql, selectList: table.selectList, schema: definition.schema, split: split,
        timeColumn: definition.timeColumn)
    }
  }

  /// Copies a table's rows out in parts: the table itself or schema and table.
  ///
  /// Columns get the types of `query`, or those of `expected`.
  ///
  /// - Throws: as for a dataset.
  public func copyOut(
    table: String..., as expected: ColumnSchema? = nil, by split: PostgresSplit, workers: Int = 4,
    batch size: BatchSize = BatchSize(),
    _ consume: @escaping @Sendable (PostgresPart, PostgresBatches) async throws -> Void
  ) async throws {
    let name = PostgresStatement.name(of: table)
    try await withParts(size, workers: workers, dataset: nil, consume) { _ in
      name
    } plan: { _ in
      PartPlan(table: name, selectList: "*", schema: expected, split: split)
    }
  }

  private func withParts(
    _ size: BatchSize, workers: Int, dataset: DatasetName?,
    _ consume: @escaping @Sendable (PostgresPart, PostgresBatches) async throws -> Void,
    table: (PostgresConnection) async throws -> PostgresStatement,
    plan: (PostgresTransaction) async throws -> PartPlan
  ) async throws {
    try await translating("copy out", of: dataset) {
      guard !pool.configuration.isBehindTransactionPooler else {
        throw PostgresError(
          .unsupportedByPooler,
          "sessions that share a snapshot must be one's own: connect past the transaction pooler")
      }
      await shared.makeRoom()
      try await pool.withConnection { connection in
        let table = try await table(connection)
        try await connection.withTransaction(.repeatableRead.readOnly) { transaction in
          let snapshot = try await SharedSnapshot(of: table, exportedBy: transaction)
          let plan = try await plan(transaction)
          let work = PartWork(
            plan: plan, queue: PartQueue(try await plan.parts(in: transaction)), size: size, consume: consume)
          try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work.run(in: transaction) }
            group.addTask { try await work.runElsewhere(workers - 1, from: pool, seeing: snapshot) }
            // The first error leaves here and cancels all others, which the group waits for.
            while try await group.next() != nil {}
          }
        }
      }
    }
  }
}

public import TokyoDataCore

/// Rows in bulk: binary COPY in both directions.
///
/// COPY takes no parameters: values of a statement are written out as quoted, typed literals.
extension PostgresSession {
  /// Copies a statement's rows out in binary and lends them as batches, which are read ahead of their use.
  ///
  /// The statement may also be a `DELETE … RETURNING …`. Columns get the types of `query`; what has no binary
  /// form here (enum, inet, …) comes as its cast to text. While `body` works on a batch, the
  /// session's thread reads and decodes the next ones, of which at most two wait; then the socket fills up
  /// and the server waits. `body` runs beside that thread unless its caller is isolated. Batches that it
  /// leaves are never sent: the statement is canceled, which a transaction takes for a failed statement (a
  /// savepoint around it helps). The timeout counts for the whole of it.
  ///
  /// - Throws: as `query`, from the sequence too, and what `body` throws.
  public func withCopyOut<Result>(
    _ statement: PostgresStatement, as expected: ColumnSchema? = nil, batch size: BatchSize = BatchSize(),
    timeout: Duration? = nil, _ body: (PostgresBatches) async throws -> Result
  ) async throws -> Result {
    let (inner, schema) = try await connection.openCopy(
      statement, as: expected, size, hold, limits(timeout))
    return try await lend(PostgresBatches(connection: connection, hold: inner, schema: schema)) { batches in
      try await readingAhead(batches, body)
    }
  }

  /// Copies a table's rows out in binary and lends them as batches: the table itself or schema and table.
  ///
  /// - Throws: as for a statement.
  public func withCopyOut<Result>(
    table: String..., as expected: ColumnSchema? = nil, batch size: BatchSize = BatchSize(),
    timeout: Duration? = nil, _ body: (PostgresBatches) async throws -> Result
  ) async throws -> Result {
    try await withCopyOut(
      "SELECT * FROM \(.name(of: table))", as: expected, batch: size, timeout: timeout, body)
  }

  /// Copies a statement's rows out in binary and lends them as batches, decoded straight from the wire.
  ///
  /// The command is `COPY (statement) TO STDOUT (FORMAT binary)`, without a look at the statement before.
  /// `sources` are the types that the statement's columns have on the server; what has no binary form here
  /// (enum, inet, …) is to be cast to text in the statement. Nothing is read but what is asked for.
  ///
  /// - Throws: `PostgresError.unsupportedType` before anything runs; then as `query`.
  public func withCopyOut<Result>(
    _ statement: PostgresStatement, as schema: ColumnSchema, from sources: [PostgresType],
    batch size: BatchSize = BatchSize(), timeout: Duration? = nil,
    _ body: (PostgresBatches) async throws -> Result
  ) async throws -> Result {
    let inner = try await connection.openCopy(
      statement, as: schema, from: sources, size, hold, limits(timeout))
    return try await lend(PostgresBatches(connection: connection, hold: inner, schema: schema), to: body)
  }

  /// Loads a batch by `COPY table (…) FROM STDIN (FORMAT binary)` into the columns of its names.
  ///
  /// - Returns: the rows that were loaded, all of the batch.
  /// - Throws: `PostgresError` naming the column where a value does not fit; nothing is then loaded.
  @discardableResult
  public func copyIn(
    _ batch: ColumnBatch, into table: String..., timeout: Duration? = nil
  ) async throws -> Int {
    try await connection.copyIn(batch, into: .name(of: table), hold, limits(timeout))
  }

  /// Loads batches as they come by one `COPY table (…) FROM STDIN (FORMAT binary)`, into the columns of the
  /// first one's names.
  ///
  /// A batch is asked for when the socket has taken the one before, so neither side runs away from the other.
  /// The COPY begins with the first batch and holds the session until it ends. An error that the sequence
  /// throws ends it, and so does the cancellation of the task; then nothing of it is written. What the
  /// server has against a row comes at the end. The timeout counts from the first batch on.
  ///
  /// - Returns: the rows that were loaded.
  /// - Throws: what the sequence throws; `PostgresError` naming the column where a value does not fit,
  ///   `.invalidStatement` for a batch with another schema than the first; `CancellationError`.
  @discardableResult
  public func copyIn<Batches: AsyncSequence>(
    _ batches: Batches, into table: String..., timeout: Duration? = nil
  ) async throws -> Int where Batches.Element == ColumnBatch {
    var iterator = batches.makeAsyncIterator()
    return try await copyIn(into: .name(of: table), timeout: timeout) {
      try await iterator.next(isolation: #isolation)
    }
  }

  /// The same for batches that a closure gives.
  func copyIn(
    into table: PostgresStatement, timeout: Duration? = nil, _ next: () async throws -> ColumnBatch?
  ) async throws -> Int {
    guard let first = try await next() else {
      try Task.checkCancellation()
      return 0
    }
    let inner = try await connection.openCopyIn(first.schema, into: table, hold, limits(timeout))
    do {
      try await connection.put(first, inner)
      while let batch = try await next() { try await connection.put(batch, inner) }
      // A sequence may end because its task is canceled: `finishCopyIn` looks before it ends the COPY.
      return try await connection.finishCopyIn(inner)
    } catch {
      await connection.abandonCopyIn(inner)
      throw error
    }
  }

  /// Runs `body` while a child task, which ends with it, reads batches ahead.
  private func readingAhead<Result>(
    _ batches: PostgresBatches, _ body: (PostgresBatches) async throws -> Result
  ) async throws -> Result {
    let buffer = BatchBuffer(limit: 2)
    async let _ = batches.connection.readAhead(batches.hold, into: buffer)
    // Of a body that prefers the session's own thread, the reader would have to wait for its turns there.
    return try await withTaskExecutorPreference(globalConcurrentExecutor) {
      try await body(batches.reading(from: buffer))
    }
  }
}

extension PostgresStatement {
  /// A table's name, or schema and table.
  static func name(of table: [String]) -> PostgresStatement {
    PostgresStatement(unescaped: table.map(quoted(identifier:)).joined(separator: "."))
  }
}

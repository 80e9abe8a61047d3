public import TokyoDataCore

/// Where statements run: a ``PostgresConnection``, or a ``PostgresTransaction`` on one.
///
/// Every call takes a timeout; when it passes, or the session's deadline, or the task is canceled, the statement
/// is canceled on the server and the call throws `PostgresError.deadlineExceeded` or `CancellationError`.
public protocol PostgresSession: Sendable {
  /// The connection that does the work.
  var connection: PostgresConnection { get }
  /// What holds the connection for this session, nil for the connection itself.
  var hold: PostgresHold? { get }
  /// By when all calls of this session are to be done, nil for no such time.
  var deadline: ContinuousClock.Instant? { get }
}

extension PostgresConnection: PostgresSession {
  /// The connection that does the work.
  public nonisolated var connection: PostgresConnection { self }
  /// What holds the connection for this session.
  public nonisolated var hold: PostgresHold? { nil }
  /// Nil: each call has its own timeout.
  public nonisolated var deadline: ContinuousClock.Instant? { nil }
}

extension PostgresSession {
  /// Runs one statement and returns its rows as one batch.
  ///
  /// Columns get the types that fit the server's; `expected` says otherwise, and must for a numeric without
  /// precision. Its names replace the server's. Arrays of one dimension become lists; composites become
  /// structures and `hstore` a map of strings only where `expected` says so. What has no type of ours comes as
  /// the text that the server prints.
  ///
  /// - Throws: `PostgresError` naming the column where a value or type does not fit, or with the
  ///   ``PostgresServerError`` as cause; `CancellationError`.
  public func query(
    _ statement: PostgresStatement, as expected: ColumnSchema? = nil, timeout: Duration? = nil
  ) async throws -> ColumnBatch {
    try await connection.query(statement, as: expected, hold, limits(timeout))
  }

  /// Runs one statement and returns the number of rows that it changed or returned.
  ///
  /// - Throws: `PostgresError`, `CancellationError`.
  @discardableResult
  public func execute(_ statement: PostgresStatement, timeout: Duration? = nil) async throws -> Int {
    try await connection.execute(statement, hold, limits(timeout))
  }

  /// Runs statements separated by semicolons, all or none unless they contain transaction commands.
  ///
  /// Several commands at once take no parameters, so values are written out as quoted, typed literals.
  ///
  /// - Throws: `PostgresError`, `CancellationError`.
  public func execute(script: PostgresStatement, timeout: Duration? = nil) async throws {
    try await connection.execute(script: script, hold, limits(timeout))
  }

  /// Runs one statement and lends its rows as batches that are fetched as they are asked for.
  ///
  /// Batches that nobody asked for when `body` ends are never sent: the statement is canceled, which a
  /// transaction takes for a failed statement (a savepoint around it helps). The timeout counts for the whole
  /// stream.
  ///
  /// - Throws: as `query`, from the sequence too, and what `body` throws.
  public func withStream<Result>(
    _ statement: PostgresStatement, as expected: ColumnSchema? = nil, batch size: BatchSize = BatchSize(),
    timeout: Duration? = nil, _ body: (PostgresBatches) async throws -> Result
  ) async throws -> Result {
    let (inner, schema) = try await connection.openStream(
      statement, as: expected, size, hold, limits(timeout))
    return try await lend(PostgresBatches(connection: connection, hold: inner, schema: schema), to: body)
  }

  func limits(_ timeout: Duration? = nil) -> CallLimits { CallLimits(timeout: timeout, until: deadline) }

  func lend<Result>(
    _ batches: PostgresBatches, to body: (PostgresBatches) async throws -> Result
  ) async throws -> Result {
    do {
      let result = try await body(batches)
      await batches.close()
      return result
    } catch {
      await batches.close()
      throw error
    }
  }
}

/// How much a transaction sees of others, and whether it writes.
public struct PostgresTransactionLevel: Hashable, Sendable {
  var sql: String

  /// Each statement sees what was committed before it.
  public static let readCommitted = PostgresTransactionLevel(sql: "READ COMMITTED")
  /// All statements see what was committed before the first.
  public static let repeatableRead = PostgresTransactionLevel(sql: "REPEATABLE READ")
  /// As if transactions ran one after the other.
  public static let serializable = PostgresTransactionLevel(sql: "SERIALIZABLE")

  /// The same level for a transaction that only reads.
  public var readOnly: PostgresTransactionLevel { PostgresTransactionLevel(sql: sql + " READ ONLY") }
}

/// A running transaction; its statements are the only ones on its connection until it ends.
///
/// A call that misses its deadline is canceled on the server, and the transaction, or the innermost savepoint,
/// can then only be rolled back: further calls throw `PostgresError.transactionAborted`.
public struct PostgresTransaction: PostgresSession {
  /// The connection that does the work.
  public let connection: PostgresConnection
  let token: PostgresHold
  /// By when all calls of this session are to be done, nil for no such time.
  public let deadline: ContinuousClock.Instant?
  /// What holds the connection for this session.
  public var hold: PostgresHold? { token }

  /// The same transaction for calls that are to be done so long from now, all of them together.
  public func within(_ timeout: Duration) -> PostgresTransaction {
    PostgresTransaction(
      connection: connection, token: token, deadline: CallLimits(timeout: timeout, until: deadline).deadline)
  }
}

extension PostgresConnection {
  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws or the task is canceled.
  ///
  /// `body` runs where the caller does. The timeout counts for all of it, from BEGIN to COMMIT.
  ///
  /// - Throws: what `body` throws, as it is; `PostgresError.transactionAborted` where one of its statements
  ///   failed and it returned all the same; `.deadlineExceeded` where it took too long, so it was rolled back;
  ///   `.outcomeUnknown` where the session or the time ended during COMMIT.
  @discardableResult
  public nonisolated func withTransaction<Result>(
    _ level: PostgresTransactionLevel = .readCommitted, timeout: Duration? = nil,
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    try await with(.transaction(level), until: CallLimits(timeout: timeout).deadline, body)
  }
}

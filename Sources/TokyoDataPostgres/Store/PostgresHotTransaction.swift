public import TokyoDataCore

/// Writes of one transaction, typed by dataset or as SQL.
public struct PostgresHotTransaction: HotTransaction {
  private let transaction: PostgresTransaction
  let targets: TransactionTargets

  init(_ transaction: PostgresTransaction, _ targets: TransactionTargets) {
    self.transaction = transaction
    self.targets = targets
  }

  /// Where statements run; whoever asks for it is about to do something.
  var session: PostgresTransaction {
    targets.touch()
    return transaction
  }

  /// The same transaction for calls, typed writes among them, that are to be done so long from now, all of them
  /// together.
  ///
  /// A call that misses this, or its own timeout, throws `TokyoDataError.timeout`; its statement is canceled on
  /// the server, and the transaction, or the innermost savepoint, can then only be rolled back.
  public func within(_ timeout: Duration) -> PostgresHotTransaction {
    PostgresHotTransaction(transaction.within(timeout), targets)
  }

  /// Runs one statement and returns its rows.
  public func query(
    _ statement: PostgresStatement, as expected: ColumnSchema? = nil, timeout: Duration? = nil
  ) async throws -> ColumnBatch {
    try await translating("query") { try await session.query(statement, as: expected, timeout: timeout) }
  }

  /// Runs one statement and returns the number of rows that it changed.
  @discardableResult
  public func execute(_ statement: PostgresStatement, timeout: Duration? = nil) async throws -> Int {
    try await translating("execute") { try await session.execute(statement, timeout: timeout) }
  }

  /// Runs `body` so that what it does can be undone alone, without the transaction around it.
  ///
  /// When it throws, or the task is canceled, the transaction goes back to where `body` began and can go on,
  /// also after a statement that failed. Meanwhile statements go through the transaction that `body` is given.
  /// They nest. A serialization failure is beyond a savepoint's help: let it leave the whole transaction,
  /// which then runs again.
  ///
  /// - Throws: what `body` throws, as it is; `TokyoDataError.internal` where one of its statements failed or
  ///   missed its deadline and it returned all the same; `CancellationError`.
  @discardableResult
  public func withSavepoint<Result>(
    _ body: (PostgresHotTransaction) async throws -> Result
  ) async throws -> Result {
    try await translating("savepoint") {
      try await session.withSavepoint { inner in try await body(PostgresHotTransaction(inner, targets)) }
    }
  }
}

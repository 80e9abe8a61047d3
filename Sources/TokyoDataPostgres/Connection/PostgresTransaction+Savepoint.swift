extension PostgresTransaction {
  /// Runs `body` so that what it does can be undone alone, without the transaction around it.
  ///
  /// When it throws, or the task is canceled, the transaction goes back to where `body` began and can go on,
  /// also after a statement that failed. Meanwhile statements go through the transaction that `body` is given;
  /// the outer one throws `PostgresError.busy`. They nest.
  ///
  /// A serialization failure is beyond a savepoint's help: let it leave the whole transaction.
  ///
  /// - Throws: what `body` throws, as it is; `PostgresError.transactionAborted` where one of its statements
  ///   failed or missed its deadline and it returned all the same; `CancellationError`.
  @discardableResult
  public func withSavepoint<Result>(
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    try await connection.with(.savepoint(in: token), until: deadline, body)
  }
}

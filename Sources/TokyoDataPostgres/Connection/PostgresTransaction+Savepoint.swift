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
  ///   failed and it returned all the same; `CancellationError`.
  @discardableResult
  public func withSavepoint<Result>(
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    let inner = try await connection.beginSavepoint(in: token)
    let result: Result
    do {
      result = try await body(PostgresTransaction(connection: connection, token: inner))
      try Task.checkCancellation()
    } catch {
      await connection.rollBackSavepoint(inner)
      throw error
    }
    try await connection.releaseSavepoint(inner)
    return result
  }
}

extension PostgresHold {
  /// No two holds of a connection share a number, so no two savepoints share a name.
  fileprivate var savepoint: String { "tokyo_data_\(number)" }
}

extension PostgresConnection {
  fileprivate func beginSavepoint(in transaction: PostgresHold) async throws -> PostgresHold {
    let limits = CallLimits(deadline: nil)
    return try await perform(transaction, limits) {
      let hold = self.makeHold()
      try self.link.send(script: "SAVEPOINT \(hold.savepoint)")
      try await self.finishCommand(limits)
      self.holds.append(hold)
      return hold
    }
  }

  /// Runs its course even in a canceled task: the server needs no lock for it, and half-way nobody would know
  /// which savepoints there are.
  fileprivate func releaseSavepoint(_ hold: PostgresHold) async throws {
    guard link.transactionState != .inFailedTransaction else {
      await rollBackSavepoint(hold)
      throw PostgresError(
        .transactionAborted, "a statement of the savepoint had failed, so it was rolled back")
    }
    do {
      let limits = CallLimits(deadline: nil, isCancellable: false)
      try await perform(hold, limits) {
        try self.link.send(script: "RELEASE SAVEPOINT \(hold.savepoint)")
        try await self.finishCommand(limits)
      }
      holds.removeAll { $0 == hold }
    } catch {
      await rollBackSavepoint(hold)
      throw error
    }
  }

  /// Leaves the transaction as it was before the savepoint, or closes the connection.
  fileprivate func rollBackSavepoint(_ hold: PostgresHold) async {
    let limits = CallLimits(deadline: .now + configuration.cancelTimeout, isCancellable: false)
    defer { holds.removeAll { $0 == hold } }
    // What the body left behind may still hold the connection; then nobody knows where the transaction stands.
    guard link.isOpen, holds.last == hold else { return closeLink() }
    do {
      try await perform(hold, limits) {
        let name = hold.savepoint
        try self.link.send(script: "ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)")
        try await self.finishCommand(limits)
      }
    } catch { closeLink() }
  }
}

/// What is kept or undone as a whole: a transaction, or a savepoint within one.
enum TransactionScope {
  /// A transaction, and what it runs first, in the same round trip.
  case transaction(PostgresTransactionLevel, first: PostgresStatement? = nil)
  case savepoint(in: PostgresHold)

  /// What holds the connection around it.
  var outer: PostgresHold? { if case .savepoint(let outer) = self { outer } else { nil } }

  private var noun: String { outer == nil ? "transaction" : "savepoint" }

  func failed(_ what: String) -> PostgresError {
    PostgresError(.transactionAborted, "\(what) of the \(noun) had failed, so it was rolled back")
  }
}

extension PostgresHold {
  /// No two holds of a connection share a number, so no two savepoints share a name.
  fileprivate var savepoint: String { "tokyo_data_\(number)" }
}

extension PostgresTransaction {
  /// A statement failed or was canceled, so all that can be done is to go back.
  var hasFailed: Bool { get async { await connection.isInFailedTransaction } }
}

extension PostgresConnection {
  fileprivate var isInFailedTransaction: Bool { link.transactionState == .inFailedTransaction }

  /// Runs `body` in a scope that is kept when it returns, and undone when it throws or the task is canceled.
  nonisolated func with<Result>(
    _ scope: TransactionScope, until deadline: ContinuousClock.Instant?,
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    let hold = try await begin(scope, until: deadline)
    let result: Result
    do {
      result = try await body(PostgresTransaction(connection: self, token: hold, deadline: deadline))
      try Task.checkCancellation()
    } catch {
      await undo(scope, hold)
      throw error
    }
    try await keep(scope, hold, until: deadline)
    return result
  }

  private func begin(
    _ scope: TransactionScope, until deadline: ContinuousClock.Instant?
  ) async throws -> PostgresHold {
    let limits = CallLimits(deadline: deadline)
    let hold = makeHold(isTransaction: true)
    let sql =
      switch scope {
      case .transaction(let level, nil): opening(level)
      case .transaction(let level, let first?): "\(opening(level)); \(try first.inlined())"
      case .savepoint: "SAVEPOINT \(hold.savepoint)"
      }
    do {
      try await perform(scope.outer, limits) {
        self.holds.append(hold)
        try self.link.send(script: sql)
        try await self.finishCommand(limits)
      }
      return hold
    } catch {
      // A BEGIN that was given up may have been done. A savepoint too many harms nobody.
      if scope.outer == nil { await undo(scope, hold) } else { end(hold) }
      throw error
    }
  }

  /// COMMIT or RELEASE, which run their course even in a canceled task: given up half-way, nobody would know
  /// what happened.
  private func keep(
    _ scope: TransactionScope, _ hold: PostgresHold, until deadline: ContinuousClock.Instant?
  ) async throws {
    let limits = CallLimits(deadline: deadline, isCancellable: false)
    let sql = scope.outer == nil ? "COMMIT" : "RELEASE SAVEPOINT \(hold.savepoint)"
    var isSent = false
    do {
      guard overdue.remove(hold) == nil else { throw scope.failed("a call with a deadline") }
      try await perform(hold, limits) {
        guard !self.isInFailedTransaction else { throw scope.failed("a statement") }
        isSent = true
        try self.link.send(script: sql)
        try await self.finishCommand(limits)
      }
      end(hold)
    } catch {
      await undo(scope, hold)
      guard isSent, scope.outer == nil, (error as? PostgresError)?.code != .server else { throw error }
      throw PostgresError(
        .outcomeUnknown, "COMMIT was not answered: the transaction may have happened", cause: error)
    }
  }

  /// Leaves the session as it was before the scope, or closes it; the error that led here is the one that
  /// counts.
  private func undo(_ scope: TransactionScope, _ hold: PostgresHold) async {
    guard holds.contains(hold) else { return }
    defer { end(hold) }
    // What the body left behind may still hold the connection; then nobody knows where the transaction stands.
    guard link.isOpen, holds.last == hold else { return closeLink() }
    overdue.remove(hold)
    let limits = CallLimits(deadline: .now + configuration.cancelTimeout, isCancellable: false)
    let name = hold.savepoint
    let sql = scope.outer == nil ? "ROLLBACK" : "ROLLBACK TO SAVEPOINT \(name); RELEASE SAVEPOINT \(name)"
    do {
      try await perform(hold, limits) {
        guard self.link.transactionState != .idle else { return }
        try self.link.send(script: sql)
        try await self.finishCommand(limits)
      }
    } catch { closeLink() }
  }

  private func opening(_ level: PostgresTransactionLevel) -> String {
    "BEGIN ISOLATION LEVEL \(level.sql)\(configuration.transactionSetup)"
  }

  /// Begins a transaction anew that has done nothing but fail.
  ///
  /// Not by `ROLLBACK AND CHAIN`, which forgets a failed transaction's level in PostgreSQL 15.
  func restart(_ hold: PostgresHold, _ level: PostgresTransactionLevel, _ limits: CallLimits) async throws {
    try await perform(hold, limits) {
      try self.link.send(script: "ROLLBACK; \(self.opening(level))")
      try await self.finishCommand(limits)
    }
  }

  private func end(_ hold: PostgresHold) {
    holds.removeAll { $0 == hold }
    overdue.remove(hold)
  }
}

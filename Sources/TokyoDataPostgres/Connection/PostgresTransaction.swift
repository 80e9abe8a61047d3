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
public struct PostgresTransaction: PostgresSession {
  /// The connection that does the work.
  public let connection: PostgresConnection
  let token: PostgresHold
  /// What holds the connection for this session.
  public var hold: PostgresHold? { token }
}

extension PostgresConnection {
  /// Runs `body` in a transaction: COMMIT when it returns, ROLLBACK when it throws or the task is canceled.
  ///
  /// `body` runs where the caller does.
  ///
  /// - Throws: what `body` throws, as it is; `PostgresError.transactionAborted` where one of its statements
  ///   failed and it returned all the same; `.outcomeUnknown` where the session ended during COMMIT.
  public nonisolated func withTransaction<Result>(
    _ level: PostgresTransactionLevel = .readCommitted,
    _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    let token = try await begin(level)
    let result: Result
    do {
      result = try await body(PostgresTransaction(connection: self, token: token))
      try Task.checkCancellation()
    } catch {
      await rollBack(token)
      throw error
    }
    try await commit(token)
    return result
  }

  private func begin(_ level: PostgresTransactionLevel) async throws -> PostgresHold {
    let limits = CallLimits(deadline: nil)
    return try await perform(nil, limits) {
      try self.link.send(script: "BEGIN ISOLATION LEVEL \(level.sql)\(self.configuration.transactionSetup)")
      try await self.finishCommand(limits)
      let token = self.makeHold()
      self.holds.append(token)
      return token
    }
  }

  /// COMMIT runs its course even in a canceled task: given up half-way, nobody would know what happened.
  private func commit(_ token: PostgresHold) async throws {
    let limits = CallLimits(deadline: nil, isCancellable: false)
    defer { holds.removeAll { $0 == token } }
    let tag: String
    do {
      tag = try await perform(token, limits) {
        try self.link.send(script: "COMMIT")
        try await self.flush(limits)
        var tag = ""
        try await self.eachResult(limits) { tag = $0.commandTag }
        return tag
      }
    } catch let error as PostgresError where error.code == .connectionLost || error.code == .closed {
      throw PostgresError(
        .outcomeUnknown, "the session ended during COMMIT: the transaction may have happened", cause: error)
    }
    guard tag == "COMMIT" else {
      throw PostgresError(
        .transactionAborted, "a statement of the transaction had failed, so it was rolled back")
    }
  }

  /// Leaves the connection clean or closes it; the body's own error is the one that counts.
  private func rollBack(_ token: PostgresHold) async {
    let limits = CallLimits(deadline: .now + configuration.cancelTimeout, isCancellable: false)
    defer { holds.removeAll { $0 == token } }
    guard link.isOpen, holds.last == token else { return closeLink() }
    do {
      try await perform(token, limits) {
        try self.link.send(script: "ROLLBACK")
        try await self.finishCommand(limits)
      }
    } catch { closeLink() }
  }
}

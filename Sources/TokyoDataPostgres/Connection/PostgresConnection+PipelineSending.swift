internal import TokyoDataCore

/// How pipelined statements go to the server: each as a group of its own, described once.
extension PostgresConnection {
  /// Sends what waits, unless somebody else wants the wire.
  func sendWaiting() throws {
    guard pipeline.isOpen, !turns.hasWaiting, !pipeline.waiting.isEmpty else { return }
    let statements = pipeline.waiting
    pipeline.waiting = []
    for statement in statements { try send(statement) }
  }

  private func send(_ statement: PipelinedStatement) throws(PostgresError) {
    if let preparation = pipeline.preparations[statement.key] {
      preparation.followers.append(statement)
    } else if let known = statements.entry(for: statement.key) {
      try run(statement, known)
    } else {
      let name = configuration.isBehindTransactionPooler ? "" : statements.makeName()
      try link.sendPrepare(name, statement.key.sql, types: statement.key.types)
      try link.sendDescribe(name)
      try link.endGroup()
      pipeline.note(.prepare(StatementPreparation(statement.key, name: name, first: statement)))
    }
  }

  private func run(_ statement: PipelinedStatement, _ known: StatementCache.Entry) throws(PostgresError) {
    if statement.order.returnsRows {
      do throws(PostgresError) {
        statement.plan = try statements.plan(for: statement.key, as: statement.order.expected)
      } catch { return statement.fail(error) }
    }
    if let setup = configuration.statementSetup {
      // In the same group, hence in the same transaction.
      try link.send(setup, [], binaryResults: false)
      statement.isBehindSetup = true
    }
    try sendKnown(
      known, statement.key, statement.order.parameters, isBinary: statement.plan?.isBinary ?? false)
    try link.endGroup()
    pipeline.note(.run(statement))
  }
}

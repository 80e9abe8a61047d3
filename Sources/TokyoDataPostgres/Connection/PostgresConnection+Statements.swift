internal import TokyoDataCore

/// Statements that answer as a whole.
extension PostgresConnection {
  nonisolated func query(
    _ statement: PostgresStatement, as expected: ColumnSchema?, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> ColumnBatch {
    if hold == nil, !statement.isCopy {
      let answer = try await pipelined(statement, as: expected, returnsRows: true, limits)
      guard case .rows(let batch) = answer else {
        throw PostgresError(.protocolViolation, "a statement that returns rows returned none")
      }
      return batch
    }
    return try await queryInTurn(statement, as: expected, hold, limits)
  }

  private func queryInTurn(
    _ statement: PostgresStatement, as expected: ColumnSchema?, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> ColumnBatch {
    let (sql, parameters) = try statement.rendered()
    let key = StatementCache.Key(sql: sql, types: parameters.map(\.type))
    return try await perform(hold, limits) {
      let known = try await self.know(key, limits)
      let plan = try self.statements.plan(for: key, as: expected)
      try self.sendKnown(known, key, parameters, isBinary: plan.isBinary)
      try await self.flush(limits)
      var batch: ColumnBatch?
      try await self.eachResult(of: key, limits) { result in
        batch = try self.batch(of: result, plan, key, as: expected)
      }
      return try batch ?? ColumnBatch(schema: plan.schema, columns: [], rowCount: 0)
    }
  }

  nonisolated func execute(
    _ statement: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> Int {
    if hold == nil, !statement.isCopy {
      let answer = try await pipelined(statement, as: nil, returnsRows: false, limits)
      guard case .count(let count) = answer else {
        throw PostgresError(.protocolViolation, "a statement whose rows were not asked for returned them")
      }
      return count
    }
    return try await executeInTurn(statement, hold, limits)
  }

  private func executeInTurn(
    _ statement: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> Int {
    let (sql, parameters) = try statement.rendered()
    let key = StatementCache.Key(sql: sql, types: parameters.map(\.type))
    return try await perform(hold, limits) {
      let known = try await self.know(key, limits)
      try self.sendKnown(known, key, parameters, isBinary: false)
      try await self.flush(limits)
      var affected = 0
      try await self.eachResult(of: key, limits) { affected = $0.affectedRows }
      return affected
    }
  }

  func execute(
    script: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws {
    let sql = try script.inlined()
    try await perform(hold, limits) {
      try self.link.send(script: sql)
      try await self.finishCommand(limits)
    }
  }

  /// Sends what is queued and reads the running command to its end; the rows it changed or returned.
  @discardableResult
  func finishCommand(_ limits: CallLimits) async throws -> Int {
    try await flush(limits)
    var affected = 0
    try await eachResult(limits) { affected = $0.affectedRows }
    return affected
  }

  /// Reads the running command to its end, then throws the first error it met.
  func eachResult(_ limits: CallLimits, _ body: (borrowing ServerResult) throws -> Void) async throws {
    var failure: (any Error)?
    while let result = try await nextResult(limits) {
      switch result.kind {
      case .failed: failure = failure ?? error(of: result)
      case .copyIn, .copyOut:
        throw PostgresError(.invalidStatement, "a COPY needs its own call")
      case .groupEnd, .skipped: continue
      case .done, .rows, .singleRow:
        guard failure == nil else { continue }
        do { try body(result) } catch let thrown { failure = thrown }
      }
    }
    if let failure { throw failure }
  }

  /// As the other, for a statement that the server may have forgotten: it is then forgotten here too.
  private func eachResult(
    of key: StatementCache.Key, _ limits: CallLimits, _ body: (borrowing ServerResult) throws -> Void
  ) async throws {
    do { try await eachResult(limits, body) } catch {
      _ = isStale(error, key)
      throw error
    }
  }

  /// What a failed result means.
  func error(of result: borrowing ServerResult) -> PostgresError {
    guard let server = result.serverError else {
      return PostgresError(
        .connectionLost, "the session ended while a statement ran", cause: result.clientMessage)
    }
    return PostgresError(
      server.endsSession ? .connectionLost : .server, "the server refused the statement", cause: server)
  }

  /// All rows of a result.
  func batch(
    of result: borrowing ServerResult, _ plan: ResultPlan, _ key: StatementCache.Key,
    as expected: ColumnSchema?
  ) throws(PostgresError) -> ColumnBatch {
    var plan = plan
    if result.columnCount > 0, let known = statements.entry(for: key), !result.has(known.columns) {
      // A table was altered since the statement was described: the answer's own description counts.
      statements.remove(key)
      let now = try ResultPlan(result.columns, expecting: expected, infinities: configuration.infinities)
      guard now.isBinary == plan.isBinary else {
        throw PostgresError(.unsupportedType, "a table was altered while a statement ran on it")
      }
      plan = now
    }
    var builder = ColumnBatchBuilder(plan.schema)
    try plan.fields.append(result, of: plan.schema, to: &builder)
    return try plan.finish(&builder, rowCount: result.rowCount)
  }
}

extension ResultPlan {
  func finish(_ builder: inout ColumnBatchBuilder, rowCount: Int) throws(PostgresError) -> ColumnBatch {
    do throws(ColumnError) {
      // A builder without columns cannot count.
      guard schema.count > 0 else { return try ColumnBatch(schema: schema, columns: [], rowCount: rowCount) }
      return try builder.finish()
    } catch {
      throw PostgresError(.valueNotRepresentable, error.message, column: error.column, cause: error)
    }
  }
}

extension ResultPlan.Fields {
  /// Adds a result's rows.
  ///
  /// - Throws: `PostgresError` naming the column.
  func append(
    _ result: borrowing ServerResult, of schema: ColumnSchema, to builder: inout ColumnBatchBuilder
  ) throws(PostgresError) {
    guard result.columnCount == schema.count else {
      guard result.rowCount > 0 else { return }
      throw PostgresError(.protocolViolation, "a result has other columns than its description")
    }
    for row in 0..<result.rowCount {
      for column in 0..<schema.count {
        guard let bytes = result.field(row: row, column: column) else {
          builder[column].appendNull()
          continue
        }
        do throws(PostgresError) {
          switch self {
          case .binary(let decoders): try decoders.decode(bytes, at: column, into: &builder[column])
          case .text(let decoders): try decoders[column].decode(bytes, into: &builder[column])
          }
        } catch { throw error.inColumn(at: column, of: schema) }
      }
    }
  }
}

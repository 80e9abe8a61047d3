internal import TokyoDataCore

extension PostgresConnection {
  func query(
    _ statement: PostgresStatement, as expected: ColumnSchema?, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> ColumnBatch {
    let (sql, parameters) = try statement.rendered()
    return try await perform(hold, limits) {
      let plan = try await self.prepare(sql, parameters, as: expected, limits)
      try self.link.sendPrepared(parameters, binaryResults: plan.isBinary)
      try await self.flush(limits)
      var builder = ColumnBatchBuilder(plan.schema)
      var rowCount = 0
      try await self.eachResult(limits) { result in
        rowCount += result.rowCount
        try plan.fields.append(result, of: plan.schema, to: &builder)
      }
      return try plan.finish(&builder, rowCount: rowCount)
    }
  }

  func execute(
    _ statement: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> Int {
    let (sql, parameters) = try statement.rendered()
    return try await perform(hold, limits) {
      try self.link.send(sql, parameters, binaryResults: false)
      return try await self.finishCommand(limits)
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
      case .done, .rows, .singleRow:
        guard failure == nil else { continue }
        do { try body(result) } catch let thrown { failure = thrown }
      }
    }
    if let failure { throw failure }
  }

  /// Prepares a statement without a name and plans for what it returns.
  func prepare(
    _ sql: String, _ parameters: [EncodedParameter], as expected: ColumnSchema?, _ limits: CallLimits
  ) async throws -> ResultPlan {
    try link.sendPrepare(sql, types: parameters.map(\.type))
    try await finishCommand(limits)
    try link.sendDescribe()
    try await flush(limits)
    var columns: [ServerResult.Column] = []
    try await eachResult(limits) { columns = $0.columns }
    return try ResultPlan(columns, expecting: expected, infinities: configuration.infinities)
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
        } catch { throw error.inColumn(schema.fields[column].name) }
      }
    }
  }
}

internal import TokyoDataCore

extension PostgresSession {
  /// Runs one of our own statements, whose columns all have a binary form, in a single round trip.
  ///
  /// `query` asks the server first what a statement returns, since a caller's may need text.
  func ask(_ statement: PostgresStatement) async throws -> ColumnBatch {
    try await connection.ask(statement, hold, limits())
  }
}

extension PostgresConnection {
  fileprivate func ask(
    _ statement: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> ColumnBatch {
    let (sql, parameters) = try statement.rendered()
    return try await perform(hold, limits) {
      try self.link.send(sql, parameters, binaryResults: true)
      try await self.flush(limits)
      var answer: ColumnBatch?
      try await self.eachResult(limits) { result in
        let plan = try ResultPlan(result.columns, expecting: nil)
        guard plan.isBinary else {
          throw PostgresError(.unsupportedType, "a statement of ours returns a type without binary form")
        }
        var builder = ColumnBatchBuilder(plan.schema)
        try plan.fields.append(result, of: plan.schema, to: &builder)
        answer = try plan.finish(&builder, rowCount: result.rowCount)
      }
      guard let answer else { throw PostgresError(.protocolViolation, "a statement returned nothing") }
      return answer
    }
  }
}

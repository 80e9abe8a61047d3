internal import TokyoDataCore

/// Streams and COPY TO STDOUT: opened, pulled batch by batch, closed.
///
/// Nothing is read from the socket but what a pull asks for, so a slow reader slows the server down.
extension PostgresConnection {
  /// Runs a query whose rows are pulled.
  func openStream(
    _ statement: PostgresStatement, as expected: ColumnSchema?, _ size: BatchSize, _ hold: PostgresHold?,
    _ limits: CallLimits
  ) async throws -> (PostgresHold, ColumnSchema) {
    let (sql, parameters) = try statement.rendered()
    let key = StatementCache.Key(sql: sql, types: parameters.map(\.type))
    return try await perform(hold, limits) {
      let known = try await self.know(key, limits)
      let plan = try self.statements.plan(for: key, as: expected)
      guard plan.schema.count > 0 else {
        throw PostgresError(.invalidStatement, "a statement that returns no columns cannot be streamed")
      }
      try self.sendKnown(known, key, parameters, isBinary: plan.isBinary)
      try self.link.setSingleRowMode()
      try await self.flush(limits)
      return (self.beginCursor(.rows(plan), plan.schema, size, limits), plan.schema)
    }
  }

  /// Runs `COPY (…) TO STDOUT (FORMAT binary)` whose rows are pulled.
  func openCopy(
    _ statement: PostgresStatement, as schema: ColumnSchema, from sources: [PostgresType], _ size: BatchSize,
    _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> PostgresHold {
    let decoders = try ResultPlan.copyFields(schema, from: sources, infinities: configuration.infinities)
    let sql = "COPY (\(try statement.inlined())) TO STDOUT (FORMAT binary)"
    return try await perform(hold, limits) {
      let schema = schema.from(sourceTypes: sources.map(\.description))
      return try await self.beginCopy(sql, as: schema, by: decoders, size, limits)
    }
  }

  /// The same for a statement that is described before.
  func openCopy(
    _ statement: PostgresStatement, as expected: ColumnSchema?, _ size: BatchSize, _ hold: PostgresHold?,
    _ limits: CallLimits
  ) async throws -> (PostgresHold, ColumnSchema) {
    let sql = try statement.inlined()
    return try await perform(hold, limits) {
      let columns = try await self.describe(StatementCache.Key(sql: sql, types: []), name: "", limits)
      let plan = try CopyOutPlan(
        sql, returning: columns, as: expected, infinities: self.configuration.infinities)
      let inner = try await self.beginCopy(plan.command, as: plan.schema, by: plan.decoders, size, limits)
      return (inner, plan.schema)
    }
  }

  private func beginCopy(
    _ sql: String, as schema: ColumnSchema, by decoders: FieldDecoders, _ size: BatchSize,
    _ limits: CallLimits
  ) async throws -> PostgresHold {
    try link.send(script: sql)
    try await flush(limits)
    try await expectCopy(.copyOut, limits)
    let parser = CopyParser(names: schema.fields.map(\.name), decoders: decoders)
    return beginCursor(.copy, schema, size, limits, parser: parser)
  }

  /// Reads the answer to a COPY command, which must begin one of this kind.
  func expectCopy(_ kind: ServerResult.Kind, _ limits: CallLimits) async throws {
    guard let result = try await nextResult(limits) else {
      throw PostgresError(.protocolViolation, "a COPY without an answer")
    }
    if result.kind == kind { return }
    let failure =
      result.kind == .failed
      ? error(of: result) : PostgresError(.invalidStatement, "the statement is not one that can be copied")
    try await finishCommand(limits)
    throw failure
  }

  private func beginCursor(
    _ source: RowCursor.Source, _ schema: ColumnSchema, _ size: BatchSize, _ limits: CallLimits,
    parser: CopyParser? = nil
  ) -> PostgresHold {
    let hold = makeHold()
    holds.append(hold)
    cursor = RowCursor(
      hold: hold, limits: limits, size: size, schema: schema, source: source, parser: parser)
    return hold
  }

  /// The next batch, never an empty one; nil at the end.
  func nextBatch(_ hold: PostgresHold) async throws -> ColumnBatch? {
    guard var cursor = cursor.take() else {
      throw PostgresError(.busy, "the stream is over, or another task reads it")
    }
    guard cursor.hold == hold else {
      self.cursor = consume cursor
      throw PostgresError(.busy, "another stream holds the connection")
    }
    if cursor.hasEnded {
      self.cursor = consume cursor
      return nil
    }
    let limits = cursor.limits
    // The cursor stays out while it is filled: a second reader finds none. It comes back whatever happens.
    do {
      let batch = try await perform(hold, limits) { try await self.fill(&cursor) }
      self.cursor = consume cursor
      return batch
    } catch {
      cursor.hasEnded = true
      self.cursor = consume cursor
      throw error
    }
  }

  /// Fetches batches into a buffer until they end, or the task is canceled.
  func readAhead(_ hold: PostgresHold, into buffer: BatchBuffer) async {
    do {
      while let batch = try await nextBatch(hold) { try await buffer.send(batch) }
      buffer.finish(.success(()))
    } catch { buffer.finish(.failure(error)) }
  }

  private func fill(_ cursor: inout RowCursor) async throws -> ColumnBatch? {
    switch cursor.source {
    case .rows: try await fillFromRows(&cursor)
    case .copy: try await fillFromCopy(&cursor)
    }
    if cursor.hasEnded { try cursor.checkComplete() }
    return cursor.builder.rowCount == 0 ? nil : try cursor.takeBatch()
  }

  private func fillFromRows(_ cursor: inout RowCursor) async throws {
    while !cursor.isFull {
      guard let result = try await nextResult(cursor.limits) else {
        cursor.hasEnded = true
        return
      }
      switch result.kind {
      case .singleRow: try cursor.append(result)
      case .rows, .done: cursor.affectedRows = result.affectedRows
      case .groupEnd, .skipped: continue
      case .failed:
        let failure = error(of: result)
        try await finishCommand(cursor.limits)
        throw failure
      case .copyIn, .copyOut: throw PostgresError(.invalidStatement, "a COPY needs its own call")
      }
    }
  }

  private func fillFromCopy(_ cursor: inout RowCursor) async throws {
    var hasLooked = false
    while !cursor.isFull {
      switch try link.nextCopyMessage() {
      case .message(let message):
        hasLooked = false
        try cursor.append(message)
      case .needsInput:
        // One look at the socket is cheaper than a wait, and mostly enough while rows flow.
        if hasLooked { try await ready(.readable, cursor.limits) }
        try link.consumeInput()
        hasLooked = true
      case .ended:
        cursor.affectedRows = try await finishCommand(cursor.limits)
        cursor.hasEnded = true
        return
      }
    }
  }

  /// Ends the stream; a statement that is still running is canceled.
  ///
  /// - Returns: the rows that the statement returned, where known.
  @discardableResult
  func closeCursor(_ hold: PostgresHold) async -> Int {
    guard let cursor = cursor.take() else { return 0 }
    guard cursor.hold == hold else {
      self.cursor = consume cursor
      return 0
    }
    let affected = cursor.affectedRows
    await cleanUp()
    holds.removeAll { $0 == hold }
    return affected
  }
}

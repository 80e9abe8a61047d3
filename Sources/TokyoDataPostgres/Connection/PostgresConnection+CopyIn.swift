internal import TokyoDataCore

/// COPY FROM STDIN: opened, fed batch by batch, ended or given up.
extension PostgresConnection {
  /// Loads a batch into columns of the same names; the rows that were loaded.
  func copyIn(
    _ batch: ColumnBatch, into table: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> Int {
    let command = try CopyInCommand(batch.schema, into: table)
    return try await perform(hold, limits) {
      let encoders = try await self.begin(command, limits)
      try await self.send(batch, by: encoders, limits)
      return try await self.finishCopy(limits)
    }
  }

  /// Begins a COPY that is fed by `put`, into columns of the schema's names; it holds the connection.
  func openCopyIn(
    _ schema: ColumnSchema, into table: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> PostgresHold {
    let command = try CopyInCommand(schema, into: table)
    return try await perform(hold, limits) {
      let encoders = try await self.begin(command, limits)
      let inner = self.makeHold()
      self.holds.append(inner)
      self.copyInput = CopyInput(hold: inner, limits: limits, schema: schema, encoders: encoders)
      return inner
    }
  }

  /// Sends a batch's rows; returns when the socket has taken them, so a slow server slows the caller down.
  ///
  /// After an error the COPY is over, and nothing of it is written.
  func put(_ batch: ColumnBatch, _ hold: PostgresHold) async throws {
    let input = try input(hold)
    guard batch.schema == input.schema else {
      throw PostgresError(.invalidStatement, "the batches of one COPY have one schema")
    }
    try await perform(hold, input.limits) {
      try await self.send(batch, by: input.encoders, input.limits)
      // A session that has ended takes bytes without complaint; only reading tells.
      try self.link.consumeInput()
    }
  }

  /// Ends the COPY; the rows that were loaded.
  func finishCopyIn(_ hold: PostgresHold) async throws -> Int {
    let limits = try input(hold).limits
    let count = try await perform(hold, limits) { try await self.finishCopy(limits) }
    endCopyInput(hold)
    return count
  }

  /// Tells the server that the COPY failed, unless it is over, and gives the connection back.
  func abandonCopyIn(_ hold: PostgresHold) async {
    guard copyInput?.hold == hold else { return }
    defer { endCopyInput(hold) }
    guard link.isOpen, link.transactionState == .active else { return }
    let limits = CallLimits(deadline: .now + configuration.cancelTimeout, isCancellable: false)
    // The failure that the server answers is the one that it was told.
    try? await perform(hold, limits) {
      try await self.endCopy(abort: "given up by the client", limits)
      try await self.finishCommand(limits)
    }
  }

  private func input(_ hold: PostgresHold) throws(PostgresError) -> CopyInput {
    guard let copyInput, copyInput.hold == hold else { throw PostgresError(.busy, "the COPY is over") }
    return copyInput
  }

  private func endCopyInput(_ hold: PostgresHold) {
    copyInput = nil
    holds.removeAll { $0 == hold }
  }

  private func begin(_ command: CopyInCommand, _ limits: CallLimits) async throws -> [FieldEncoder] {
    let encoders = try await encoders(for: command.schema, describedBy: command.description, limits)
    try link.send(script: command.sql)
    try await flush(limits)
    try await expectCopy(.copyIn, limits)
    try await put(CopyFormat.header, CopyFormat.header.count, limits)
    return encoders
  }

  private func finishCopy(_ limits: CallLimits) async throws -> Int {
    try await put(CopyFormat.trailer, CopyFormat.trailer.count, limits)
    try await endCopy(abort: nil, limits)
    return try await finishCommand(limits)
  }

  private func endCopy(abort: String?, _ limits: CallLimits) async throws {
    while try !link.endCopy(abort: abort) {
      try await ready([.readable, .writable], limits)
      try link.consumeInput()
      _ = try link.flush()
    }
  }

  private func encoders(
    for schema: ColumnSchema, describedBy sql: String, _ limits: CallLimits
  ) async throws -> [FieldEncoder] {
    let types = try await describe(StatementCache.Key(sql: sql, types: []), name: "", limits).map(\.type)
    guard types.count == schema.count else {
      throw PostgresError(.protocolViolation, "a table is described with other columns than asked for")
    }
    let catalog = try await catalog(of: types, limits)
    return try zip(schema.fields, types).map { try FieldEncoder($0, to: catalog.wireType($1)) }
  }

  /// Asks what types are that are not built in; level by level, as types lie within types.
  private func catalog(of types: [PostgresType], _ limits: CallLimits) async throws -> TypeCatalog {
    var catalog = TypeCatalog()
    while true {
      let missing = catalog.missing(of: types)
      if missing.isEmpty { return catalog }
      let (sql, parameters) = try TypeCatalog.statement(describing: missing).rendered()
      try link.send(sql, parameters, binaryResults: true)
      try await flush(limits)
      try await eachResult(limits) { result in
        let plan = try ResultPlan(result.columns, expecting: nil)
        var builder = ColumnBatchBuilder(plan.schema)
        try plan.fields.append(result, of: plan.schema, to: &builder)
        catalog.add(try plan.finish(&builder, rowCount: result.rowCount), asked: missing)
      }
    }
  }

  private func send(_ batch: ColumnBatch, by encoders: [FieldEncoder], _ limits: CallLimits) async throws {
    var rows = CopyRows(batch, by: encoders)
    while try rows.encodeBlock() { try await put(rows.bytes, rows.byteCount, limits) }
  }

  private func put(_ bytes: [UInt8], _ count: Int, _ limits: CallLimits) async throws {
    while try !bytes.withUnsafeBytes({ try link.putCopy(UnsafeRawBufferPointer(rebasing: $0[..<count])) }) {
      try await ready([.readable, .writable], limits)
      try link.consumeInput()
      _ = try link.flush()
    }
    // Libpq would queue without end; the socket decides how fast we go.
    try await flush(limits)
  }
}

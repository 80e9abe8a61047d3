internal import TokyoDataCore

/// COPY FROM STDIN.
extension PostgresConnection {
  /// Loads a batch into columns of the same names; the rows that were loaded.
  func copyIn(
    _ batch: ColumnBatch, into table: PostgresStatement, _ hold: PostgresHold?, _ limits: CallLimits
  ) async throws -> Int {
    let names = batch.schema.fields.map { field -> PostgresStatement in "\(identifier: field.name)" }
    let columns = PostgresStatement.joining(names, separator: ", ")
    let (description, _) = try ("SELECT \(columns) FROM \(table)" as PostgresStatement).rendered()
    let (copy, _) = try ("COPY \(table) (\(columns)) FROM STDIN (FORMAT binary)" as PostgresStatement)
      .rendered()
    return try await perform(hold, limits) {
      let encoders = try await self.encoders(for: batch.schema, describedBy: description, limits)
      try self.link.send(script: copy)
      try await self.flush(limits)
      try await self.expectCopy(.copyIn, limits)
      try await self.send(batch, by: encoders, limits)
      while try !self.link.endCopy(abort: nil) { try await self.ready(.writable, limits) }
      return try await self.finishCommand(limits)
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
    try await put(CopyFormat.header, CopyFormat.header.count, limits)
    var rows = CopyRows(batch, by: encoders)
    while try rows.encodeBlock() { try await put(rows.bytes, rows.byteCount, limits) }
    try await put(CopyFormat.trailer, CopyFormat.trailer.count, limits)
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

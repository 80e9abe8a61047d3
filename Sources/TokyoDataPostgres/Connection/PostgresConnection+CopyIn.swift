internal import TokyoDataCore

/// COPY FROM STDIN.
extension PostgresConnection {
  /// The bytes of one message; small enough to come and go while the next is encoded.
  private static let messageBytes = 64 << 10

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
    return try zip(schema.fields, types).map { try FieldEncoder($0, to: $1) }
  }

  private func send(_ batch: ColumnBatch, by encoders: [FieldEncoder], _ limits: CallLimits) async throws {
    var bytes = CopyFormat.header
    bytes.reserveCapacity(Self.messageBytes + 4_096)
    for row in 0..<batch.rowCount {
      bytes.append(bigEndian: Int16(encoders.count))
      for (encoder, column) in zip(encoders, batch.columns) { try encoder.append(column[row], to: &bytes) }
      if bytes.count >= Self.messageBytes {
        try await put(bytes, limits)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try await put(bytes + CopyFormat.trailer, limits)
  }

  private func put(_ bytes: [UInt8], _ limits: CallLimits) async throws {
    while try !bytes.withUnsafeBytes({ try link.putCopy($0) }) {
      try await ready([.readable, .writable], limits)
      try link.consumeInput()
      _ = try link.flush()
    }
    // Libpq would queue without end; the socket decides how fast we go.
    try await flush(limits)
  }
}

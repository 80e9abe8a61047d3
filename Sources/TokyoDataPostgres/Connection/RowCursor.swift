internal import TokyoDataCore

/// Rows on their way: what collects them into batches until the running statement ends.
struct RowCursor: ~Copyable {
  enum Source {
    /// Results of one row each.
    case rows(ResultPlan)
    case copy
  }

  let hold: PostgresHold
  let limits: CallLimits
  let rowsPerBatch: Int
  /// A batch also ends when this many bytes have come, so that wide rows do not fill the memory.
  let bytesPerBatch: Int
  let source: Source
  /// Takes a COPY apart; not part of `source`, out of which it would have to be copied for every row.
  private var parser: CopyParser?
  var builder: ColumnBatchBuilder
  var bytesInBatch = 0
  var hasEnded = false
  /// The rows that the statement returned, known at its end.
  var affectedRows = 0

  init(
    hold: PostgresHold, limits: CallLimits, size: BatchSize, schema: ColumnSchema, source: Source,
    parser: CopyParser? = nil
  ) {
    self.hold = hold
    self.limits = limits
    rowsPerBatch = max(1, size.rows)
    bytesPerBatch = max(1, size.bytes)
    self.source = source
    self.parser = parser
    builder = ColumnBatchBuilder(schema)
  }

  var isFull: Bool { builder.rowCount >= rowsPerBatch || bytesInBatch >= bytesPerBatch }

  /// Takes the rows collected so far.
  mutating func takeBatch() throws(PostgresError) -> ColumnBatch {
    bytesInBatch = 0
    do throws(ColumnError) { return try builder.finish() } catch {
      throw PostgresError(.valueNotRepresentable, error.message, column: error.column, cause: error)
    }
  }

  /// Adds a message of a COPY.
  mutating func append(_ message: borrowing CopyMessage) throws(PostgresError) {
    try parser?.parse(message.bytes, into: &builder)
    bytesInBatch += message.count
  }

  /// Adds a result of one row.
  mutating func append(_ result: borrowing ServerResult) throws(PostgresError) {
    guard case .rows(let plan) = source else { return }
    for column in 0..<result.columnCount {
      bytesInBatch += result.rowCount > 0 ? (result.field(row: 0, column: column)?.count ?? 0) : 0
    }
    try plan.fields.append(result, of: plan.schema, to: &builder)
  }

  /// Nothing may be missing when the statement ends.
  func checkComplete() throws(PostgresError) {
    if let parser, !parser.isComplete {
      throw PostgresError(.protocolViolation, "a COPY ended before its trailer")
    }
  }
}

/// When a batch is full: by rows or by bytes, whichever comes first.
public struct BatchSize: Hashable, Sendable {
  /// The most rows of a batch.
  public var rows: Int
  /// The bytes after which a batch ends.
  public var bytes: Int

  /// Makes a size; 8,192 rows or 16 MiB unless said otherwise.
  public init(rows: Int = 8_192, bytes: Int = 16 << 20) {
    self.rows = rows
    self.bytes = bytes
  }
}

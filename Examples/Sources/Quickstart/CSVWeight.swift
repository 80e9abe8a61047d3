import TokyoData

/// Counts the bytes that rows would take as CSV with a header, as `COPY … TO … (FORMAT csv, HEADER)` writes.
struct CSVWeight {
  private(set) var bytes: Int

  init(_ schema: ColumnSchema) {
    bytes = schema.fields.reduce(0) { $0 + $1.name.utf8.count + 1 }
  }

  mutating func add(_ batch: ColumnBatch) {
    for column in batch.columns {
      for row in 0..<batch.rowCount { bytes += width(of: column[row]) + 1 }
    }
  }

  /// The separator or line end is counted by the caller.
  private func width(of value: ColumnValue) -> Int {
    switch value {
    case .null: 0
    // 2026-01-01 00:00:00+00: PostgreSQL prints no fraction where there is none, as here.
    case .timestamp: 22
    case .date: 10
    case .int(let integer): digits(integer.magnitude) + (integer < 0 ? 1 : 0)
    case .decimal(let number): number.description.utf8.count
    case .string(let text): text.utf8.count
    default: value.text?.utf8.count ?? 0
    }
  }

  private func digits(_ magnitude: UInt64) -> Int {
    var rest = magnitude
    var count = 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }
}

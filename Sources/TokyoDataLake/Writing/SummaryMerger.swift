internal import TokyoDataCore
internal import TokyoDataParquet

/// Adds up what a version's files say about their columns.
struct SummaryMerger {
  /// Longer bounds are left out, so that the ledger's rows stay small.
  static let longestBound = 256

  private let schema: ColumnSchema
  private(set) var columns: [String: ColumnSummary] = [:]
  /// Columns that have values without exact bounds somewhere.
  private var unbounded: Set<String> = []

  init(_ schema: ColumnSchema) {
    self.schema = schema
    for field in schema.fields {
      columns[field.name] = ColumnSummary(
        type: field.type, nullCount: 0, minimum: nil, maximum: nil, encodedBytes: 0)
    }
  }

  mutating func add(_ file: ParquetFileSummary) {
    for column in file.columns {
      guard var merged = columns[column.name] else { continue }
      merged.nullCount += column.nullCount
      merged.encodedBytes += column.encodedBytes
      if column.nullCount < file.rowCount {
        if let low = column.minimum, let high = column.maximum, column.isMinimumExact, column.isMaximumExact,
          Self.isShort(low), Self.isShort(high)
        {
          merged.minimum = merged.minimum.map { (low.order(to: $0) ?? 0) < 0 ? low : $0 } ?? low
          merged.maximum = merged.maximum.map { (high.order(to: $0) ?? 0) > 0 ? high : $0 } ?? high
        } else {
          unbounded.insert(column.name)
        }
      }
      if unbounded.contains(column.name) { (merged.minimum, merged.maximum) = (nil, nil) }
      columns[column.name] = merged
    }
  }

  private static func isShort(_ bound: ColumnValue) -> Bool {
    switch bound {
    case .string(let text): text.utf8.count <= longestBound
    case .bytes(let bytes): bytes.count <= longestBound
    default: true
    }
  }
}

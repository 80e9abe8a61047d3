internal import TokyoDataColumns

/// Adds up what the chunks of a file say about its columns.
struct SummaryCollector: Sendable {
  private let schema: ColumnSchema
  private var nullCounts: [Int]
  private var encodedBytes: [Int]
  private var bounds: [ValueBounds?]
  /// A chunk had values without bounds, so that the file has none either.
  private var isUnbounded: [Bool]

  init(_ schema: ColumnSchema) {
    self.schema = schema
    nullCounts = Array(repeating: 0, count: schema.count)
    encodedBytes = nullCounts
    bounds = Array(repeating: nil, count: schema.count)
    isUnbounded = Array(repeating: false, count: schema.count)
  }

  mutating func add(_ chunk: EncodedChunk, column: Int) {
    nullCounts[column] += chunk.nullCount
    encodedBytes[column] += chunk.description.encodedBytes
    guard chunk.nullCount < chunk.description.valueCount else { return }
    guard let added = chunk.bounds else {
      isUnbounded[column] = true
      return
    }
    if bounds[column] == nil { bounds[column] = added } else { bounds[column]?.merge(added) }
  }

  /// The summaries, with whole values as bounds even where the file keeps shorter ones.
  var columns: [ParquetColumnSummary] {
    schema.fields.indices.map { index in
      let field = schema.fields[index]
      var summary = ParquetColumnSummary(
        name: field.name, nullCount: nullCounts[index], encodedBytes: encodedBytes[index])
      if let bounds = bounds[index], !isUnbounded[index] {
        summary.minimum = bounds.minimum.value(of: field.type)
        summary.maximum = bounds.maximum.value(of: field.type)
        summary.isMinimumExact = summary.minimum != nil && bounds.isMinimumExact
        summary.isMaximumExact = summary.maximum != nil && bounds.isMaximumExact
      }
      return summary
    }
  }
}

internal import TokyoDataColumns

/// Adds up what the chunks of a file say about its leaf columns.
struct SummaryCollector: Sendable {
  /// A leaf column so far.
  private struct Column: Sendable {
    var nullCount = 0
    var encodedBytes = 0
    var bounds: ValueBounds?
    /// A chunk had values without bounds, so that the file has none either.
    var isUnbounded = false
    var encodings: [ParquetEncodingChoice] = []
  }

  private let leaves: [(name: String, type: ColumnType)]
  private var collected: [Column]

  init(_ leaves: [(name: String, type: ColumnType)]) {
    self.leaves = leaves
    collected = leaves.map { _ in Column() }
  }

  mutating func add(_ chunk: ChunkRecord, column: Int, rowGroup: Int) {
    collected[column].nullCount += chunk.nullCount
    collected[column].encodedBytes += chunk.description.encodedBytes
    add(chunk.verdict, to: &collected[column].encodings, rowGroup)
    guard chunk.nullCount < chunk.description.valueCount else { return }
    guard let bounds = chunk.bounds else {
      collected[column].isUnbounded = true
      return
    }
    if collected[column].bounds?.merge(bounds) == nil { collected[column].bounds = bounds }
  }

  /// Row groups that were decided alike share an entry, with the sample of the first of them.
  private func add(
    _ verdict: EncodingChooser.Verdict, to choices: inout [ParquetEncodingChoice], _ rowGroup: Int
  ) {
    let known = choices.firstIndex {
      $0.encoding == verdict.encoding && $0.codec == verdict.codec && $0.reason == verdict.reason
    }
    if let known { return choices[known].rowGroups.append(rowGroup) }
    choices.append(
      ParquetEncodingChoice(
        encoding: verdict.encoding, codec: verdict.codec, reason: verdict.reason,
        sampledBytes: verdict.sampledBytes,
        rowGroups: [rowGroup]))
  }

  /// The summaries, with whole values as bounds even where the file keeps shorter ones.
  var columns: [ParquetColumnSummary] {
    zip(leaves, collected).map { leaf, column in
      var summary = ParquetColumnSummary(
        name: leaf.name, nullCount: column.nullCount, encodedBytes: column.encodedBytes)
      summary.encodings = column.encodings
      if let bounds = column.bounds, !column.isUnbounded {
        summary.minimum = bounds.minimum.value(of: leaf.type)
        summary.maximum = bounds.maximum.value(of: leaf.type)
        summary.isMinimumExact = summary.minimum != nil && bounds.isMinimumExact
        summary.isMaximumExact = summary.maximum != nil && bounds.isMaximumExact
      }
      return summary
    }
  }
}

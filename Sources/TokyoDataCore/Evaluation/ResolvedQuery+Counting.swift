extension ResolvedQuery {
  /// How many rows entered a batch of `partialSchema`: groups say how many are theirs.
  package func rowsCounted(in batch: ColumnBatch) -> Int {
    guard query.isGrouped else { return batch.rowCount }
    guard let column = partialColumns.firstIndex(of: .rowCount) else { return 0 }
    return batch.columns[column].integers.reduce(0) { $0 &+ Int($1) }
  }

  /// A batch of `partialSchema`, which somebody else kept, counts nothing below zero and no more than so many
  /// rows, nor does any of its other tallies.
  package func counts(in batch: ColumnBatch, areAtMost limit: Int) -> Bool {
    guard query.isGrouped else { return batch.rowCount <= limit }
    for (partial, column) in zip(partialColumns, batch.columns) {
      switch partial {
      case .rowCount, .count:
        var room = Int64(limit)
        for count in column.integers {
          guard (0...room).contains(count) else { return false }
          room -= count
        }
      default: continue
      }
    }
    return true
  }
}

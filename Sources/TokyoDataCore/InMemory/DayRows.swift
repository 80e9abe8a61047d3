/// The rows of one day in immutable batches: a copy is a snapshot, and costs nothing until one side changes.
struct DayRows: Sendable {
  /// Batches smaller than this are joined with their neighbors, so that many small writes stay few batches.
  private static let fullBatch = 8_192

  /// The batches; later rows stand behind earlier ones.
  private(set) var batches: [ColumnBatch] = []
  /// How many rows there are.
  private(set) var rowCount = 0
  /// Changes whenever a row is removed; while it stands, the rows of earlier copies are a prefix of these.
  private(set) var removals = 0

  /// Adds rows behind the others.
  mutating func append(_ batch: ColumnBatch) {
    guard batch.rowCount > 0 else { return }
    batches.append(batch)
    rowCount += batch.rowCount
    // Batches shrink from front to back by at least half, so a row is copied a logarithmic number of times.
    while batches.count >= 2 {
      let (last, previous) = (batches[batches.count - 1], batches[batches.count - 2])
      guard previous.rowCount < Self.fullBatch, previous.rowCount <= 2 * last.rowCount,
        let joined = try? ColumnBatch.joining([previous, last], schema: last.schema)
      else { return }
      batches.removeLast(2)
      batches.append(joined)
    }
  }

  /// Removes the rows with these keys.
  mutating func remove(_ keys: Set<RowKey>, keyColumns: [String]) throws(ColumnError) {
    var remaining: [ColumnBatch] = []
    for batch in batches {
      let rowKeys = try RowKeys(batch, columns: keyColumns)
      let kept = (0..<batch.rowCount).filter { !keys.contains(rowKeys[$0]) }
      if kept.count == batch.rowCount {
        remaining.append(batch)
      } else if !kept.isEmpty {
        remaining.append(try batch.gathering(kept))
      }
    }
    replace(with: remaining)
  }

  /// Removes the first rows, as many as an earlier copy had.
  mutating func removeFirst(_ count: Int) throws(ColumnError) {
    var remaining: [ColumnBatch] = []
    var toDrop = count
    for batch in batches {
      let dropped = min(toDrop, batch.rowCount)
      toDrop -= dropped
      if dropped == 0 {
        remaining.append(batch)
      } else if dropped < batch.rowCount {
        remaining.append(try batch.gathering(Array(dropped..<batch.rowCount)))
      }
    }
    replace(with: remaining)
  }

  /// Gives the rows the columns that a schema has more than they, of nulls.
  mutating func grow(to schema: ColumnSchema) throws(ColumnError) {
    var grown: [ColumnBatch] = []
    for batch in batches {
      let nulls = schema.fields.dropFirst(batch.columns.count).map {
        ColumnVector.nulls($0.type, count: batch.rowCount)
      }
      grown.append(
        try ColumnBatch(schema: schema, columns: batch.columns + nulls, rowCount: batch.rowCount))
    }
    replace(with: grown)
  }

  private mutating func replace(with remaining: [ColumnBatch]) {
    batches = remaining
    rowCount = remaining.reduce(0) { $0 + $1.rowCount }
    removals += 1
  }
}

/// The rows of a file as column batches, each read when it is asked for.
public struct ParquetBatches: AsyncSequence, Sendable {
  /// Some rows of one row group.
  public typealias Element = ColumnBatch

  let file: ParquetFile
  let columns: [String]?
  let rowGroups: [Int]
  let rows: Int

  /// Begins at the first of the row groups.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(file: file, columns: columns, rowGroups: rowGroups, rows: rows)
  }

  /// Reads batch by batch; it holds the encoded bytes of one row group and one batch.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let file: ParquetFile
    let columns: [String]?
    let rowGroups: [Int]
    let rows: Int
    private var position = 0
    private var reader: RowGroupReader?

    init(file: ParquetFile, columns: [String]?, rowGroups: [Int], rows: Int) {
      self.file = file
      self.columns = columns
      self.rowGroups = rowGroups
      self.rows = rows
    }

    /// The next batch, or nil after the last row.
    public mutating func next() async throws -> ColumnBatch? {
      let rows = rows
      while true {
        if let batch = try await reader?.next(rows: rows) { return batch }
        guard position < rowGroups.count else { return nil }
        reader = nil
        reader = try await RowGroupReader(
          file, rowGroup: rowGroups[position], columns: try file.selected(columns))
        position += 1
      }
    }
  }
}

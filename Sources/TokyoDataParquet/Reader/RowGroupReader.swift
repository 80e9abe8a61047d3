internal import TokyoDataColumns

/// Reads rows of chosen columns of one row group, a number of rows at a time.
struct RowGroupReader {
  let schema: ColumnSchema
  private let columns: [ColumnReader]
  private let parallelism: Int
  private var rows: RowRanges

  /// Fetches the columns' pages.
  ///
  /// - Parameter rows: The rows to read; all of the row group if nil.
  init(
    _ file: ParquetFile, rowGroup: Int, columns shapes: [ColumnShape], rows: RowRanges? = nil
  ) async throws {
    guard file.rowGroups.indices.contains(rowGroup) else {
      throw ParquetError(
        .invalidArgument, "the file has \(file.rowGroups.count) row groups", rowGroup: rowGroup)
    }
    let group = file.rowGroups[rowGroup]
    self.rows = rows ?? RowRanges(all: group.rowCount)
    guard self.rows.ranges.last?.upperBound ?? 0 <= group.rowCount else {
      throw ParquetError(.invalidArgument, "rows beyond the row group's end", rowGroup: rowGroup)
    }
    parallelism = file.options.parallelism
    schema = try file.schema.selecting(shapes.map(\.field.name))
    // Without rows there is nothing to fetch, and nothing to refuse.
    guard !self.rows.isEmpty else {
      columns = []
      return
    }
    let leaves = shapes.flatMap(\.leaves)
    for leaf in leaves {
      let chunk = group.columns[leaf.index]
      do throws(ParquetError) { try Self.requireReadable(chunk, leaf, rows: group.rowCount) } catch {
        throw error.at(column: leaf.name, rowGroup: rowGroup)
      }
    }
    let chunks = leaves.map { group.columns[$0.index] }
    var parts = try await ChunkFetch(file).parts(of: chunks, rows: self.rows, rowCount: group.rowCount)[...]
    columns = try shapes.map { shape in
      let leaves = shape.leaves
      let own = Array(parts.prefix(leaves.count))
      parts = parts.dropFirst(leaves.count)
      return try ColumnReader(
        shape, leaves.map { group.columns[$0.index] }, own, rowGroup: rowGroup, rowCount: group.rowCount,
        options: file.options)
    }
  }

  private static func requireReadable(
    _ chunk: ParquetColumnChunk, _ leaf: LeafColumn, rows: Int
  ) throws(ParquetError) {
    if chunk.isEncrypted { throw ParquetError(.encrypted, "the column is encrypted") }
    if chunk.isElsewhere { throw ParquetError(.unsupported, "the column lies in another file") }
    let isPossible = leaf.maximumRepetitionLevel == 0 ? chunk.valueCount == rows : chunk.valueCount >= rows
    guard isPossible else {
      throw ParquetError(.corrupted, "\(chunk.valueCount) values for \(rows) rows")
    }
    try PageCompression.requireSupported(chunk.codec)
  }

  /// The next rows, at most as many as asked for, or nil after the last.
  mutating func next(rows number: Int) async throws -> ColumnBatch? {
    guard !rows.isEmpty else { return nil }
    let ranges = rows.takeFirst(number)
    let count = ranges.reduce(0) { $0 + $1.count }
    let vectors =
      parallelism > 1 && columns.count > 1
      ? try await readInParallel(ranges) : try columns.map { try $0.read(ranges) }
    return try ColumnBatch(schema: schema, columns: vectors, rowCount: count)
  }

  /// Reads the columns in as many tasks at a time as the options allow.
  private func readInParallel(_ ranges: [Range<Int>]) async throws -> [ColumnVector] {
    let (columns, parallelism) = (columns, parallelism)
    return try await withThrowingTaskGroup(of: (Int, ColumnVector).self) { group in
      var read: [ColumnVector?] = Array(repeating: nil, count: columns.count)
      var next = 0
      while next < columns.count || !group.isEmpty {
        if next < columns.count, next < parallelism || !group.isEmpty {
          let (index, column) = (next, columns[next])
          if next >= parallelism, let (done, vector) = try await group.next() { read[done] = vector }
          group.addTask { (index, try column.read(ranges)) }
          next += 1
        } else if let (done, vector) = try await group.next() {
          read[done] = vector
        }
      }
      return read.compactMap { $0 }
    }
  }
}

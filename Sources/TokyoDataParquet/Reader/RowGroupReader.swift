/// Reads the chosen columns of one row group, a number of rows at a time.
struct RowGroupReader {
  let schema: ColumnSchema
  private let columns: [ReadableColumn]
  private let rowGroup: Int
  private var decoders: [any ColumnChunkDecoder]
  private var left: Int

  /// Fetches the columns' chunks.
  init(_ file: ParquetFile, rowGroup: Int, columns: [ReadableColumn]) async throws {
    guard file.rowGroups.indices.contains(rowGroup) else {
      throw ParquetError(
        .invalidArgument, "the file has \(file.rowGroups.count) row groups", rowGroup: rowGroup)
    }
    self.columns = columns
    self.rowGroup = rowGroup
    schema = try file.schema.selecting(columns.map(\.leaf.name))
    left = file.rowGroups[rowGroup].rowCount
    decoders = []
    for column in columns {
      let chunk = file.rowGroups[rowGroup].columns[column.leaf.index]
      do { try Self.requireReadable(chunk, rows: left) } catch {
        throw error.at(column: column.leaf.name, rowGroup: rowGroup)
      }
      let bytes = try await file.bytes(chunk.byteRange)
      let pages = ChunkPages(bytes, of: chunk, options: file.options)
      decoders.append(columnChunkDecoder(column, pages, limits: file.options.limits))
    }
  }

  private static func requireReadable(_ chunk: ParquetColumnChunk, rows: Int) throws(ParquetError) {
    if chunk.isEncrypted { throw ParquetError(.encrypted, "the column is encrypted") }
    if chunk.isElsewhere { throw ParquetError(.unsupported, "the column lies in another file") }
    guard chunk.valueCount == rows else {
      throw ParquetError(.corrupted, "\(chunk.valueCount) values for \(rows) rows")
    }
    if rows > 0 { try PageCompression.requireSupported(chunk.codec) }
  }

  /// The next rows, at most as many as asked for, or nil after the last.
  mutating func next(rows: Int) throws -> ColumnBatch? {
    guard left > 0 else { return nil }
    let count = min(rows, left)
    var vectors: [ColumnVector] = []
    for index in decoders.indices {
      do throws(ParquetError) { vectors.append(try decoders[index].decode(count)) } catch {
        throw error.at(column: columns[index].leaf.name, rowGroup: rowGroup)
      }
    }
    left -= count
    return try ColumnBatch(schema: schema, columns: vectors, rowCount: count)
  }
}

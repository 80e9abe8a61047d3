/// A number of consecutive rows, each column of which lies in one chunk.
public struct ParquetRowGroup: Hashable, Sendable {
  /// The number of rows.
  public var rowCount: Int
  /// The chunks of the schema's leaf columns, in order.
  public var columns: [ParquetColumnChunk]
  /// The bytes of all pages before compression.
  public var uncompressedBytes: Int
  /// The order in which the writer says the rows are.
  public var sortingColumns: [ParquetSortingColumn]

  /// The bytes that the row group's pages take in the file.
  public var encodedBytes: Int { columns.reduce(0) { $0 &+ $1.encodedBytes } }

  /// The chunk of a top-level column, or nil.
  public func column(_ name: String) -> ParquetColumnChunk? {
    columns.first { $0.path == [name] }
  }
}

/// A column by which the rows of a row group are in order.
public struct ParquetSortingColumn: Hashable, Sendable {
  /// The column's position among the leaf columns of the schema.
  public var columnIndex: Int
  /// Larger values come first.
  public var isDescending: Bool
  /// Nulls come before all values.
  public var nullsFirst: Bool

  /// Makes a sorting column, ascending with nulls last unless said otherwise.
  public init(columnIndex: Int, isDescending: Bool = false, nullsFirst: Bool = false) {
    self.columnIndex = columnIndex
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }
}

extension ParquetSortingColumn {
  init(_ reader: inout CompactReader) throws(ParquetError) {
    var index: Int32?
    var (isDescending, nullsFirst) = (false, false)
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: index = try reader.int32(field)
      case 2: isDescending = try reader.bool(field)
      case 3: nullsFirst = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    self.init(
      columnIndex: Int(try required(index, "index of a sorting column")), isDescending: isDescending,
      nullsFirst: nullsFirst)
  }

  func write(to writer: inout CompactWriter) {
    writer.structure {
      $0.field(1, int32: Int32(truncatingIfNeeded: columnIndex))
      $0.field(2, bool: isDescending)
      $0.field(3, bool: nullsFirst)
    }
  }
}

extension ParquetRowGroup {
  init(_ reader: inout CompactReader, end: Int) throws(ParquetError) {
    var columns: [ParquetColumnChunk]?
    var (rowCount, bytes): (Int64?, Int64?)
    var sortingColumns: [ParquetSortingColumn] = []
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1:
        columns = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try ParquetColumnChunk(&reader, end: end)
        }
      case 2: bytes = try reader.int64(field)
      case 3: rowCount = try reader.int64(field)
      case 4:
        sortingColumns = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try ParquetSortingColumn(&reader)
        }
      default: try reader.skip(field)
      }
    }
    self.init(
      rowCount: Int(try required(rowCount, "row count of a row group")),
      columns: try required(columns, "columns of a row group"),
      uncompressedBytes: Int(try required(bytes, "size of a row group")), sortingColumns: sortingColumns)
    guard self.rowCount >= 0 else { throw .corrupted("a row group of a negative number of rows") }
  }

  func write(ordinal: Int, to writer: inout CompactWriter) {
    writer.structure {
      $0.field(1, list: columns, of: .structure) { $1.write(to: &$0) }
      $0.field(2, int64: Int64(uncompressedBytes))
      $0.field(3, int64: Int64(rowCount))
      if !sortingColumns.isEmpty {
        $0.field(4, list: sortingColumns, of: .structure) { $1.write(to: &$0) }
      }
      $0.field(5, int64: columns.first.map { Int64($0.byteRange.lowerBound) })
      $0.field(6, int64: Int64(encodedBytes))
      $0.field(7, int16: Int16(exactly: ordinal))
    }
  }
}

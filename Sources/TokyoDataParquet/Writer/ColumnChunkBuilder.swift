internal import TokyoDataColumns

/// Collects the values of one column of the row group that is being filled, and encodes them.
///
/// One existential a column and row group; the kernels behind it work on plain memory.
protocol ColumnChunkBuilder: Sendable {
  /// The memory that the collected values take.
  var byteCount: Int { get }
  /// Adds some slots of a column of the builder's type.
  mutating func append(_ column: ColumnVector, _ rows: Range<Int>) throws(ParquetError)
  /// Encodes all that was collected.
  func encode(_ settings: ChunkSettings) throws(ParquetError) -> EncodedChunk
  /// Forgets the values and keeps the memory.
  mutating func removeAll()
}

/// What the encoding of one column needs to know.
struct ChunkSettings: Sendable {
  let field: ColumnField
  let element: ParquetSchemaElement
  let options: ParquetWriterOptions
}

/// The pages of a column chunk, ready for the file.
struct EncodedChunk: Sendable {
  /// Dictionary page, if any, then data pages.
  var bytes: [UInt8]
  /// The description, with offsets counted from the chunk's own start.
  var description: ParquetColumnChunk
  var nullCount: Int
  var bounds: ValueBounds?
}

/// The builder for a type of column.
func columnChunkBuilder(for type: ColumnType) -> any ColumnChunkBuilder {
  switch type {
  case .bool, .list, .structure, .map: BooleanChunkBuilder()
  case .int8, .int16, .int32, .date, .float: FixedWidthChunkBuilder<UInt32>(type: type, width: 4)
  case .int64, .time, .timestamp, .localTimestamp, .double:
    FixedWidthChunkBuilder<UInt64>(type: type, width: 8)
  case .decimal(let precision, _):
    switch precision {
    case ...9: FixedWidthChunkBuilder<UInt32>(type: type, width: 4)
    case ...18: FixedWidthChunkBuilder<UInt64>(type: type, width: 8)
    default:
      FixedWidthChunkBuilder<UInt128>(
        type: type, width: ParquetSchemaElement.decimalLength(precision: precision))
    }
  case .string, .bytes: ByteArrayChunkBuilder(isText: type == .string)
  }
}

internal import TokyoDataColumns

/// Reads the values of one chunk from its first to its last, in portions of any size.
///
/// One existential a column and row group; the kernels behind it work on plain memory.
protocol ColumnChunkDecoder: Sendable {
  /// The next `count` slots as a column; fewer are an error.
  mutating func decode(_ count: Int) throws(ParquetError) -> ColumnVector
}

/// The decoder for a flat leaf.
func columnChunkDecoder(
  _ column: ReadableColumn, _ pages: ChunkPages, limits: ParquetLimits
) -> any ColumnChunkDecoder {
  let reader = PageReader(
    pages, isNullable: column.leaf.maximumDefinitionLevel > 0, budget: limits.decodedBytes(of: pages.chunk))
  let type = column.type
  return switch column.conversion {
  case .bool: BooleanChunkDecoder(reader: reader)
  case .int8, .microsecondsFromMilliseconds32, .microsecondsFromNanoseconds, .microsecondsFromInt96,
    .decimalFromUnsigned, .textFromUUID, .int16:
    FixedWidthChunkDecoder(reader, Int16FromInt32(), type)
  case .int32: FixedWidthChunkDecoder(reader, PlainInt32(), type)
  case .int64: FixedWidthChunkDecoder(reader, PlainInt64(), type)
  case .int64FromUnsigned: FixedWidthChunkDecoder(reader, Int64FromUInt32(), type)
  case .microsecondsFromMilliseconds: FixedWidthChunkDecoder(reader, MicrosecondsFromMilliseconds(), type)
  case .float: FixedWidthChunkDecoder(reader, PlainFloat(), type)
  case .double: FixedWidthChunkDecoder(reader, PlainDouble(), type)
  case .floatFromBinary16: FixedWidthChunkDecoder(reader, FloatFromBinary16(), type)
  case .decimalFromInt32(let precision):
    FixedWidthChunkDecoder(reader, DecimalFromInteger<Int32>(precision: precision), type)
  case .decimalFromInt64(let precision):
    FixedWidthChunkDecoder(reader, DecimalFromInteger<Int64>(precision: precision), type)
  case .decimalFromFixedBytes(let length, let precision):
    FixedWidthChunkDecoder(reader, DecimalFromBytes(width: length, precision: precision), type)
  case .decimalFromByteArrays(let precision):
    DecimalChunkDecoder(
      strings: ByteArrayChunkDecoder(reader: reader, fixedLength: nil, type: .bytes), precision: precision,
      type: type)
  case .byteArrays: ByteArrayChunkDecoder(reader: reader, fixedLength: nil, type: type)
  case .fixedBytes(let length): ByteArrayChunkDecoder(reader: reader, fixedLength: length, type: type)
  }
}

/// A column that can be read, with the leaf that it comes from.
struct ReadableColumn: Sendable {
  let leaf: LeafColumn
  let type: ColumnType
  let conversion: ValueConversion
}

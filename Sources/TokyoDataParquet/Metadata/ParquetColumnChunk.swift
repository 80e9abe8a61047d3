/// The values of one column in one row group, as the footer describes them.
public struct ParquetColumnChunk: Hashable, Sendable {
  /// The column's place in the schema tree, from below the root.
  public var path: [String] = []
  /// How the values lie in the file.
  public var physicalType: ParquetPhysicalType
  /// The encodings that its pages use.
  public var encodings: [ParquetEncoding] = []
  /// How its pages are compressed.
  public var codec: ParquetCodec
  /// The number of values, nulls included.
  public var valueCount: Int
  /// The bytes of all pages before compression, headers included.
  public var uncompressedBytes: Int
  /// The bytes of all pages in the file, headers included.
  public var encodedBytes: Int
  /// Where its first data page begins in the file.
  public var dataPageOffset: Int
  /// Where its dictionary page begins in the file, if it has one.
  public var dictionaryPageOffset: Int?
  /// What the file says about the values.
  public var statistics = ParquetStatistics()
  /// How many pages are of which type and encoding, where the file says so.
  public var pageCounts: [ParquetPageCount]?
  /// Where the places of its pages stand, if the file has them.
  public var offsetIndexRange: Range<Int>?
  /// Where the bounds of its pages stand, if the file has them.
  public var columnIndexRange: Range<Int>?
  /// Where its bloom filter begins, if it has one.
  public var bloomFilterOffset: Int?
  /// The bytes of its bloom filter, header included, where the file says so.
  public var bloomFilterBytes: Int?
  /// How large its values are once decoded, and how its levels are distributed, where the file says so.
  public var sizeStatistics: ParquetSizeStatistics?
  /// Names and values that the writer attached to the chunk.
  public var keyValueMetadata: [ParquetKeyValue] = []
  /// The chunk is encrypted and cannot be read.
  public var isEncrypted = false

  /// Where all its pages lie in the file.
  public var byteRange: Range<Int> {
    let start = dictionaryPageOffset.map { min($0, dataPageOffset) } ?? dataPageOffset
    return start..<start + encodedBytes
  }

  var encodedStatistics: EncodedStatistics?
  /// The chunk lies in another file.
  var isElsewhere = false
}

extension ParquetColumnChunk {
  /// Reads a chunk, whose pages must lie behind the magic number and before `end`.
  init(_ reader: inout CompactReader, end: Int) throws(ParquetError) {
    var chunk: ParquetColumnChunk?
    var (isElsewhere, isEncrypted) = (false, false)
    var (offsetIndex, columnIndex): ((start: Int64?, count: Int64?), (start: Int64?, count: Int64?)) =
      ((nil, nil), (nil, nil))
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1:
        isElsewhere = true
        try reader.skip(field)
      case 3: chunk = try Self.metadata(&reader, field)
      case 4: offsetIndex.start = try reader.int64(field)
      case 5: offsetIndex.count = Int64(try reader.int32(field))
      case 6: columnIndex.start = try reader.int64(field)
      case 7: columnIndex.count = Int64(try reader.int32(field))
      case 8, 9:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
    if isEncrypted, chunk == nil {
      throw ParquetError(.encrypted, "the description of a column is encrypted")
    }
    self = try required(chunk, "description of a column chunk")
    self.isElsewhere = isElsewhere
    self.isEncrypted = isEncrypted
    offsetIndexRange = Self.range(offsetIndex, end: end)
    columnIndexRange = Self.range(columnIndex, end: end)
    if let offset = bloomFilterOffset, !(ParquetMagic.count..<end).contains(offset) {
      bloomFilterOffset = nil
    }
    if isElsewhere {
      // Its offsets are those of the other file and mean nothing here.
      (dataPageOffset, dictionaryPageOffset, encodedBytes) = (0, nil, 0)
    }
    try validatePlace(end: end)
  }

  /// A place within the file; nil, as if it were not stated, for any other.
  private static func range(_ place: (start: Int64?, count: Int64?), end: Int) -> Range<Int>? {
    guard let start = place.start, let count = place.count, start >= Int64(ParquetMagic.count), count > 0,
      start <= Int64(end), count <= Int64(end) - start
    else { return nil }
    return Int(start)..<Int(start + count)
  }

  private mutating func validatePlace(end: Int) throws(ParquetError) {
    let column = path.joined(separator: ".")
    guard valueCount >= 0, encodedBytes >= 0, uncompressedBytes >= 0 else {
      throw ParquetError(.corrupted, "a negative count or size", column: column)
    }
    if let offset = dictionaryPageOffset {
      // Old writers put a zero, or the offset of the data, where they have no dictionary; others have a
      // dictionary and no data.
      if offset > 0, dataPageOffset <= 0 { dataPageOffset = offset }
      if offset <= 0 || offset >= dataPageOffset { dictionaryPageOffset = nil }
    }
    let start = dictionaryPageOffset ?? dataPageOffset
    let isInside = start >= ParquetMagic.count && encodedBytes <= end && start <= end - encodedBytes
    if !isInside || encodedBytes == 0 {
      guard encodedBytes == 0 || valueCount == 0 else {
        throw ParquetError(.corrupted, "pages outside of the file", column: column)
      }
      // Without values or bytes the place means nothing, and nothing is read there.
      (dataPageOffset, dictionaryPageOffset, encodedBytes) = (0, nil, 0)
    }
  }

  private static func metadata(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> ParquetColumnChunk {
    var (type, codec): (Int32?, Int32?)
    var (valueCount, uncompressed, compressed, dataOffset, dictionaryOffset):
      (
        Int64?, Int64?, Int64?, Int64?, Int64?
      )
    var path: [String]?
    var chunk = ParquetColumnChunk(
      physicalType: .boolean, codec: .uncompressed, valueCount: 0, uncompressedBytes: 0, encodedBytes: 0,
      dataPageOffset: 0)
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: type = try reader.int32(field)
      case 2:
        chunk.encodings = try reader.list(field, of: .int32) { (reader) throws(ParquetError) in
          ParquetEncoding(rawValue: try reader.int32())
        }
      case 3:
        path = try reader.list(field, of: .binary) { (reader) throws(ParquetError) in try reader.string() }
      case 4: codec = try reader.int32(field)
      case 5: valueCount = try reader.int64(field)
      case 6: uncompressed = try reader.int64(field)
      case 7: compressed = try reader.int64(field)
      case 8: chunk.keyValueMetadata = try ParquetKeyValue.list(&reader, field)
      case 9: dataOffset = try reader.int64(field)
      case 11: dictionaryOffset = try reader.int64(field)
      case 12: chunk.encodedStatistics = try EncodedStatistics(&reader, field)
      case 13:
        chunk.pageCounts = try reader.list(field, of: .structure) { (reader) throws(ParquetError) in
          try ParquetPageCount(&reader)
        }
      case 14: chunk.bloomFilterOffset = Int(exactly: try reader.int64(field))
      // An early draft of the format had another field of this number, and files of its time are about.
      case 15 where field.type == .int32: chunk.bloomFilterBytes = Int(try reader.int32(field))
      case 16: chunk.sizeStatistics = try ParquetSizeStatistics(&reader, field)
      default: try reader.skip(field)
      }
    }
    let number = try required(type, "type of a column chunk")
    guard let physicalType = ParquetPhysicalType(rawValue: number) else {
      throw .corrupted("metadata: unknown physical type \(number)")
    }
    chunk.physicalType = physicalType
    chunk.path = try required(path, "path of a column chunk")
    chunk.codec = ParquetCodec(rawValue: try required(codec, "codec of a column chunk"))
    chunk.valueCount = Int(try required(valueCount, "value count of a column chunk"))
    chunk.uncompressedBytes = Int(try required(uncompressed, "size of a column chunk"))
    chunk.encodedBytes = Int(try required(compressed, "size of a column chunk"))
    chunk.dataPageOffset = Int(try required(dataOffset, "place of a column chunk"))
    chunk.dictionaryPageOffset = dictionaryOffset.map { Int($0) }
    return chunk
  }

  func write(to writer: inout CompactWriter) {
    writer.structure { chunk in
      // The format's writers are asked for 0 here where the description lies in the footer only.
      chunk.field(2, int64: 0)
      chunk.field(3) {
        $0.field(1, int32: physicalType.rawValue)
        $0.field(2, list: encodings, of: .int32) { $0.element(int32: $1.rawValue) }
        $0.field(3, list: path, of: .binary) { $0.element(string: $1) }
        $0.field(4, int32: codec.rawValue)
        $0.field(5, int64: Int64(valueCount))
        $0.field(6, int64: Int64(uncompressedBytes))
        $0.field(7, int64: Int64(encodedBytes))
        $0.field(9, int64: Int64(dataPageOffset))
        $0.field(11, int64: dictionaryPageOffset.map { Int64($0) })
        encodedStatistics?.write(12, to: &$0)
        if let pageCounts { $0.field(13, list: pageCounts, of: .structure) { $1.write(to: &$0) } }
        $0.field(14, int64: bloomFilterOffset.map { Int64($0) })
        $0.field(15, int32: bloomFilterBytes.map { Int32(truncatingIfNeeded: $0) })
        sizeStatistics?.write(16, to: &$0)
      }
      if let range = offsetIndexRange {
        chunk.field(4, int64: Int64(range.lowerBound))
        chunk.field(5, int32: Int32(truncatingIfNeeded: range.count))
      }
      if let range = columnIndexRange {
        chunk.field(6, int64: Int64(range.lowerBound))
        chunk.field(7, int32: Int32(truncatingIfNeeded: range.count))
      }
    }
  }
}

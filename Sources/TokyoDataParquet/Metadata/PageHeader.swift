/// The header in front of each page.
struct PageHeader: Hashable {
  /// What a data page's header says about its body.
  struct Data: Hashable {
    var valueCount: Int
    var encoding: ParquetEncoding
    var definitionLevelEncoding = ParquetEncoding.rle
    var repetitionLevelEncoding = ParquetEncoding.rle
    /// The lengths of the levels in front of the values, which version 2 keeps outside of the compressed part.
    var versionTwo: VersionTwo?
  }

  struct VersionTwo: Hashable {
    var definitionLevelBytes: Int
    var repetitionLevelBytes: Int
    var isCompressed: Bool
    var nullCount = 0
    var rowCount = 0
  }

  var type: ParquetPageType
  var uncompressedBytes: Int
  var compressedBytes: Int
  var checksum: UInt32?
  /// For data pages.
  var data: Data?
  /// For dictionary pages.
  var dictionaryCount: Int?
  var dictionaryEncoding = ParquetEncoding.plain
}

extension PageHeader {
  init(_ reader: inout CompactReader) throws(ParquetError) {
    var (type, uncompressed, compressed): (Int32?, Int32?, Int32?)
    var header = PageHeader(type: .data, uncompressedBytes: 0, compressedBytes: 0)
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: type = try reader.int32(field)
      case 2: uncompressed = try reader.int32(field)
      case 3: compressed = try reader.int32(field)
      case 4: header.checksum = UInt32(bitPattern: try reader.int32(field))
      case 5: header.data = try Self.versionOne(&reader, field)
      case 7: (header.dictionaryCount, header.dictionaryEncoding) = try Self.dictionary(&reader, field)
      case 8: header.data = try Self.versionTwo(&reader, field)
      default: try reader.skip(field)
      }
    }
    header.type = ParquetPageType(rawValue: try required(type, "type of a page"))
    header.uncompressedBytes = Int(try required(uncompressed, "size of a page"))
    header.compressedBytes = Int(try required(compressed, "size of a page"))
    guard header.uncompressedBytes >= 0, header.compressedBytes >= 0, header.data?.valueCount ?? 0 >= 0,
      header.dictionaryCount ?? 0 >= 0
    else { throw .corrupted("a page of a negative size or count") }
    self = header
  }

  private static func versionOne(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> Data {
    var (count, encoding, levels, repetitions): (Int32?, Int32?, Int32?, Int32?)
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: count = try reader.int32(field)
      case 2: encoding = try reader.int32(field)
      case 3: levels = try reader.int32(field)
      case 4: repetitions = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
    return Data(
      valueCount: Int(try required(count, "value count of a page")),
      encoding: ParquetEncoding(rawValue: try required(encoding, "encoding of a page")),
      definitionLevelEncoding: ParquetEncoding(rawValue: try required(levels, "level encoding of a page")),
      repetitionLevelEncoding: ParquetEncoding(
        rawValue: try required(repetitions, "level encoding of a page")))
  }

  private static func versionTwo(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> Data {
    var (count, encoding, definition, repetition): (Int32?, Int32?, Int32?, Int32?)
    var (nulls, rows): (Int32?, Int32?)
    var isCompressed = true
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: count = try reader.int32(field)
      case 2: nulls = try reader.int32(field)
      case 3: rows = try reader.int32(field)
      case 4: encoding = try reader.int32(field)
      case 5: definition = try reader.int32(field)
      case 6: repetition = try reader.int32(field)
      case 7: isCompressed = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    let definitionBytes = Int(try required(definition, "level length of a page"))
    let repetitionBytes = Int(try required(repetition, "level length of a page"))
    guard definitionBytes >= 0, repetitionBytes >= 0 else { throw .corrupted("a level of negative length") }
    return Data(
      valueCount: Int(try required(count, "value count of a page")),
      encoding: ParquetEncoding(rawValue: try required(encoding, "encoding of a page")),
      versionTwo: VersionTwo(
        definitionLevelBytes: definitionBytes, repetitionLevelBytes: repetitionBytes,
        isCompressed: isCompressed,
        nullCount: Int(try required(nulls, "null count of a page")),
        rowCount: Int(try required(rows, "row count of a page"))))
  }

  private static func dictionary(
    _ reader: inout CompactReader, _ field: CompactReader.Field
  ) throws(ParquetError) -> (Int, ParquetEncoding) {
    var (count, encoding): (Int32?, Int32?)
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: count = try reader.int32(field)
      case 2: encoding = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
    return (
      Int(try required(count, "value count of a dictionary")),
      ParquetEncoding(rawValue: try required(encoding, "encoding of a dictionary"))
    )
  }

  /// The header's bytes.
  func encoded() -> [UInt8] {
    var writer = CompactWriter()
    writer.structure { header in
      header.field(1, int32: type.rawValue)
      header.field(2, int32: Int32(truncatingIfNeeded: uncompressedBytes))
      header.field(3, int32: Int32(truncatingIfNeeded: compressedBytes))
      header.field(4, int32: checksum.map { Int32(bitPattern: $0) })
      if let data, let levels = data.versionTwo {
        header.field(8) {
          $0.field(1, int32: Int32(truncatingIfNeeded: data.valueCount))
          $0.field(2, int32: Int32(truncatingIfNeeded: levels.nullCount))
          $0.field(3, int32: Int32(truncatingIfNeeded: levels.rowCount))
          $0.field(4, int32: data.encoding.rawValue)
          $0.field(5, int32: Int32(truncatingIfNeeded: levels.definitionLevelBytes))
          $0.field(6, int32: Int32(truncatingIfNeeded: levels.repetitionLevelBytes))
          $0.field(7, bool: levels.isCompressed)
        }
      } else if let data {
        header.field(5) {
          $0.field(1, int32: Int32(truncatingIfNeeded: data.valueCount))
          $0.field(2, int32: data.encoding.rawValue)
          $0.field(3, int32: data.definitionLevelEncoding.rawValue)
          $0.field(4, int32: ParquetEncoding.rle.rawValue)
        }
      }
      if let dictionaryCount {
        header.field(7) {
          $0.field(1, int32: Int32(truncatingIfNeeded: dictionaryCount))
          $0.field(2, int32: dictionaryEncoding.rawValue)
        }
      }
    }
    return writer.bytes
  }
}

@testable import TokyoDataParquet

/// A file put together page by page, also in ways in which our writer never does.
struct HandMadeFile {
  struct Chunk {
    var type: ParquetPhysicalType
    var path: [String]
    var valueCount: Int
    var pages: [UInt8]
    var codec = ParquetCodec.uncompressed
    /// Whether the first page is a dictionary.
    var hasDictionary = false
  }

  var schema: [ParquetSchemaElement]
  var rowCount: Int
  var chunks: [Chunk]

  /// A file of columns right below the root.
  init(_ elements: [ParquetSchemaElement], roots: Int? = nil, rowCount: Int, _ chunks: [Chunk]) {
    var root = ParquetSchemaElement(name: "schema")
    root.childCount = Int32(roots ?? elements.count)
    schema = [root] + elements
    self.rowCount = rowCount
    self.chunks = chunks
  }

  var bytes: [UInt8] {
    var bytes = Array("PAR1".utf8)
    var columns: [ParquetColumnChunk] = []
    for chunk in chunks {
      var column = ParquetColumnChunk(
        physicalType: chunk.type, codec: chunk.codec, valueCount: chunk.valueCount,
        uncompressedBytes: chunk.pages.count, encodedBytes: chunk.pages.count, dataPageOffset: bytes.count)
      column.path = chunk.path
      columns.append(column)
      bytes += chunk.pages
    }
    let group = ParquetRowGroup(
      rowCount: rowCount, columns: columns, uncompressedBytes: bytes.count, sortingColumns: [])
    let metadata = ParquetFileMetadata(
      version: 2, schema: schema, rowCount: rowCount, rowGroups: [group], keyValueMetadata: [])
    let footer = metadata.encoded()
    bytes += footer
    withUnsafeBytes(of: UInt32(footer.count).littleEndian) { bytes += $0 }
    return bytes + Array("PAR1".utf8)
  }

  func read(_ options: ParquetReaderOptions = .init(), rows: Int = .max) async throws -> ColumnBatch {
    try await readBack(bytes, rows: rows, options: options)
  }
}

extension HandMadeFile {
  /// A data page of version 1, whose levels, if any, are part of the body.
  static func page(
    _ count: Int, _ encoding: ParquetEncoding = .plain, levels: [[UInt8]] = [], _ values: [UInt8]
  ) -> [UInt8] {
    let body = levels.flatMap { littleEndian([UInt32($0.count)]) + $0 } + values
    var header = PageHeader(type: .data, uncompressedBytes: body.count, compressedBytes: body.count)
    header.data = PageHeader.Data(valueCount: count, encoding: encoding)
    return header.encoded() + body
  }

  static func dictionary(_ count: Int, _ values: [UInt8]) -> [UInt8] {
    var header = PageHeader(type: .dictionary, uncompressedBytes: values.count, compressedBytes: values.count)
    header.dictionaryCount = count
    return header.encoded() + values
  }

  static func littleEndian<Integer: FixedWidthInteger>(_ values: [Integer]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
  }

  /// Levels as one bit-packed stretch.
  static func levels(_ levels: [UInt8], maximum: Int) -> [UInt8] {
    let width = bitWidth(of: maximum)
    let groups = (levels.count + 7) / 8
    var bytes = [UInt8(groups << 1 | 1)] + [UInt8](repeating: 0, count: groups * width)
    for (index, level) in levels.enumerated() {
      for bit in 0..<width where level >> UInt8(bit) & 1 == 1 {
        let place = index * width + bit
        bytes[1 + place / 8] |= 1 << UInt8(place % 8)
      }
    }
    return bytes
  }

  static func element(
    _ name: String, _ repetition: ParquetSchemaElement.Repetition, _ type: ParquetPhysicalType? = nil,
    _ logical: ParquetLogicalType? = nil, children: Int? = nil, length: Int32? = nil
  ) -> ParquetSchemaElement {
    var element = ParquetSchemaElement(name: name)
    element.repetition = repetition
    element.physicalType = type
    element.logicalType = logical
    element.childCount = children.map { Int32($0) }
    element.typeLength = length
    return element
  }
}

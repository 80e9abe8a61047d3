/// Lays out the pages of one column chunk: header, then levels and values in one compressed body.
struct PageWriter: ~Copyable {
  private let settings: ChunkSettings
  private var out = ByteBuffer()
  private var body = ByteBuffer()
  private var compressed = ByteBuffer()
  private var uncompressedBytes = 0
  private var dictionaryPageOffset: Int?
  private var dataPageOffset: Int?
  private var dataPages: Int32 = 0
  private var valueCount = 0

  init(_ settings: ChunkSettings) { self.settings = settings }

  /// Writes the dictionary, which comes before all data.
  mutating func writeDictionary(
    count: Int, _ values: (inout ByteBuffer) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    dictionaryPageOffset = out.count
    body.removeAll()
    try values(&body)
    try write(PageHeader(type: .dictionary, uncompressedBytes: 0, compressedBytes: 0, dictionaryCount: count))
  }

  /// Writes some rows, whose levels are bits of `validity`.
  mutating func writeData(
    _ rows: Range<Int>, _ validity: Bitmap, encoding: ParquetEncoding,
    _ values: (inout ByteBuffer) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    if dataPageOffset == nil { dataPageOffset = out.count }
    body.removeAll()
    if settings.field.isNullable {
      body.append(littleEndian: 0)
      encodeLevels(validity, rows, into: &body)
      let length = UInt32(truncatingIfNeeded: body.count - 4)
      body.base.storeBytes(of: length.littleEndian, as: UInt32.self)
    }
    try values(&body)
    let data = PageHeader.Data(valueCount: rows.count, encoding: encoding)
    try write(PageHeader(type: .data, uncompressedBytes: 0, compressedBytes: 0, data: data))
    dataPages += 1
    valueCount += rows.count
  }

  private mutating func write(_ template: PageHeader) throws(ParquetError) {
    var header = template
    compressed.removeAll()
    let limit = Int(Int32.max)
    guard body.count <= limit else {
      throw ParquetError(.valueOutOfRange, "values too large for a page", column: settings.field.name)
    }
    header.uncompressedBytes = body.count
    header.compressedBytes = try PageCompression.compress(
      body.bytes, settings.options.codec, into: &compressed)
    guard header.compressedBytes <= limit else {
      throw ParquetError(.valueOutOfRange, "values too large for a page", column: settings.field.name)
    }
    if settings.options.writesChecksums { header.checksum = Checksum.crc32(compressed.bytes) }
    let headerBytes = header.encoded()
    out.append(headerBytes)
    out.append(compressed.bytes)
    uncompressedBytes += headerBytes.count + body.count
  }

  /// The chunk of all that was written.
  consuming func finish(bounds: ValueBounds?, nullCount: Int, encoding: ParquetEncoding) -> EncodedChunk {
    let isText = settings.field.type == .string
    var description = ParquetColumnChunk(
      path: [settings.field.name], physicalType: settings.element.physicalType ?? .byteArray,
      codec: settings.options.codec, valueCount: valueCount, uncompressedBytes: uncompressedBytes,
      encodedBytes: out.count, dataPageOffset: dataPageOffset ?? 0)
    description.dictionaryPageOffset = dictionaryPageOffset
    description.encodings = encoding == .rleDictionary ? [.plain, .rle, .rleDictionary] : [.plain, .rle]
    description.encodedStatistics = EncodedStatistics(
      nullCount: nullCount, bounds: bounds, of: settings.element, isText: isText,
      limit: settings.options.statisticsBytes)
    var counts: [ParquetPageCount] = []
    if dictionaryPageOffset != nil {
      counts.append(ParquetPageCount(type: .dictionary, encoding: .plain, count: 1))
    }
    counts.append(ParquetPageCount(type: .data, encoding: encoding, count: dataPages))
    description.pageCounts = counts
    return EncodedChunk(
      bytes: out.array, description: description, nullCount: nullCount, bounds: bounds)
  }
}

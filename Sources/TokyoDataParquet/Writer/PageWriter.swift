internal import TokyoDataColumns

/// Lays out the pages of one column chunk: header, then levels and values in one compressed body.
struct PageWriter: ~Copyable {
  private let settings: ChunkSettings
  private let codec: ParquetCodec
  private var out: [UInt8]
  private var body = ByteBuffer()
  private var compressed = ByteBuffer()
  private var compressor: PageCompressor
  private(set) var uncompressedBytes = 0
  private(set) var dictionaryPageOffset: Int?
  /// The data pages so far, from the start of the chunk.
  private(set) var pages: [ParquetOffsetIndex.Page] = []

  init(_ settings: ChunkSettings, _ verdict: EncodingChooser.Verdict, _ scratch: Scratch) throws(ParquetError)
  {
    self.settings = settings
    codec = verdict.codec
    compressor = try PageCompressor(codec, level: codec == settings.codec ? settings.compressionLevel : nil)
    // A little more than expected, so that the pages are not moved as they become more.
    out = scratch.array(capacity: verdict.expectedBytes + verdict.expectedBytes / 16 + 4096)
  }

  /// Writes the dictionary, which comes before all data.
  mutating func writeDictionary(
    count: Int, _ values: (inout ByteBuffer) -> Void
  ) throws(ParquetError) {
    dictionaryPageOffset = out.count
    body.removeAll()
    values(&body)
    let header = PageHeader(
      type: .dictionary, uncompressedBytes: body.count, compressedBytes: 0, dictionaryCount: count)
    try compressBody(from: 0)
    try write(header)
  }

  /// Writes the slots of a page, and their values by `values`.
  mutating func writeData(
    _ plan: PagePlan, _ levels: ChunkLevels, encoding: ParquetEncoding,
    _ values: (inout ByteBuffer) -> Void
  ) throws(ParquetError) {
    let start = out.count
    body.removeAll()
    let isFirst = settings.pageVersion == 1
    let repetitionBytes = appendRepetition(plan, levels, withLength: isFirst)
    let definitionBytes = appendDefinition(plan, levels, withLength: isFirst)
    let levelBytes = body.count
    values(&body)
    var header = PageHeader(type: .data, uncompressedBytes: body.count, compressedBytes: 0)
    header.data = PageHeader.Data(valueCount: plan.slots.count, encoding: encoding)
    if !isFirst {
      header.type = .dataV2
      header.data?.versionTwo = PageHeader.VersionTwo(
        definitionLevelBytes: definitionBytes, repetitionLevelBytes: repetitionBytes,
        isCompressed: codec != .uncompressed && body.count > levelBytes,
        nullCount: plan.slots.count - plan.values.count, rowCount: plan.rows.count)
    }
    try compressBody(from: isFirst ? 0 : levelBytes)
    try write(header)
    pages.append(
      ParquetOffsetIndex.Page(offset: start, byteCount: out.count - start, firstRow: plan.rows.lowerBound))
  }

  private mutating func appendRepetition(_ plan: PagePlan, _ levels: ChunkLevels, withLength: Bool) -> Int {
    guard case .nested(let slots, _, let maximum) = levels, maximum > 0 else { return 0 }
    return appendLevels(slots.repetition, plan.slots, maximum, withLength: withLength)
  }

  private mutating func appendDefinition(_ plan: PagePlan, _ levels: ChunkLevels, withLength: Bool) -> Int {
    switch levels {
    case .flat(let validity):
      guard settings.leaf.maximumDefinitionLevel > 0 else { return 0 }
      return append(withLength: withLength) { encodeLevels(validity, plan.slots, into: &$0) }
    case .nested(let slots, let maximum, _):
      guard maximum > 0 else { return 0 }
      return appendLevels(slots.definition, plan.slots, maximum, withLength: withLength)
    }
  }

  private mutating func appendLevels(
    _ levels: [UInt8], _ slots: Range<Int>, _ maximum: UInt8, withLength: Bool
  ) -> Int {
    append(withLength: withLength) { body in
      levels.withUnsafeBufferPointer {
        encodeHybrid(
          UnsafeBufferPointer(rebasing: $0[slots]), width: bitWidth(of: Int(maximum)), into: &body)
      }
    }
  }

  /// Appends levels, in version 1 behind their length, and gives the bytes of the levels alone.
  private mutating func append(withLength: Bool, _ levels: (inout ByteBuffer) -> Void) -> Int {
    let start = body.count
    if withLength { body.append(behindLength: levels) } else { levels(&body) }
    return body.count - start - (withLength ? 4 : 0)
  }

  /// Compresses what of the body lies behind the levels that stay as they are; with no codec nothing is moved.
  private mutating func compressBody(from start: Int) throws(ParquetError) {
    compressed.removeAll()
    guard codec != .uncompressed else { return }
    compressed.append(UnsafeRawBufferPointer(rebasing: body.bytes[..<start]))
    // A page of version 2 without values has no body that a codec would have to read.
    guard body.count > start || start == 0 else { return }
    _ = try compressor.compress(UnsafeRawBufferPointer(rebasing: body.bytes[start...]), into: &compressed)
  }

  /// What of the page stands behind its header.
  private var stored: UnsafeRawBufferPointer { codec == .uncompressed ? body.bytes : compressed.bytes }

  /// Appends the header and what is stored of the body.
  private mutating func write(_ template: PageHeader) throws(ParquetError) {
    guard body.count <= Int(Int32.max), stored.count <= Int(Int32.max) else {
      throw ParquetError(.valueOutOfRange, "values too large for a page")
    }
    var header = template
    header.compressedBytes = stored.count
    if settings.options.writesChecksums { header.checksum = Checksum.crc32(stored) }
    let headerBytes = header.encoded()
    out.append(contentsOf: headerBytes)
    out.append(contentsOf: stored)
    uncompressedBytes += headerBytes.count + body.count
  }

  /// The bytes of all pages.
  consuming func finish() -> [UInt8] { out }
}

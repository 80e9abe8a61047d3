/// The pages of a column chunk, one after the other, checked and decompressed.
struct ChunkPages: Sendable {
  /// A page's header and its body as it is before compression.
  struct Page {
    let header: PageHeader
    let body: PageBody
  }

  let chunk: ParquetColumnChunk
  private let bytes: [UInt8]
  private let options: ParquetReaderOptions
  private var position = 0
  /// A buffer of a page that has been read.
  private var spare: [UInt8] = []
  /// The bytes before compression that the pages so far have, headers included.
  private var expandedBytes = 0

  /// Reads the pages in `bytes`, which are those of the chunk.
  init(_ bytes: [UInt8], of chunk: ParquetColumnChunk, options: ParquetReaderOptions) {
    self.bytes = bytes
    self.chunk = chunk
    self.options = options
  }

  /// Takes back the body of a page that has been read.
  mutating func recycle(_ body: consuming PageBody) {
    if body.isOwn { spare = body.bytes }
  }

  /// The next page, or nil after the last.
  mutating func next() throws(ParquetError) -> Page? {
    guard position < bytes.count else { return nil }
    let place = chunk.byteRange.lowerBound + position
    do throws(ParquetError) { return try readPage() } catch {
      throw ParquetError(error.code, error.message, offset: error.offset ?? place)
    }
  }

  private mutating func readPage() throws(ParquetError) -> Page {
    var reader = CompactReader(bytes, in: position..<bytes.count)
    let header = try PageHeader(&reader)
    let start = reader.position
    guard header.compressedBytes <= bytes.count - start else { throw .corrupted("a page ends early") }
    guard header.uncompressedBytes <= options.limits.pageBytes else {
      throw ParquetError(.limitExceeded, "a page of \(header.uncompressedBytes) bytes")
    }
    position = start + header.compressedBytes
    let stored = start..<position
    if options.verifiesChecksums, let checksum = header.checksum {
      let found = bytes.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[stored])) }
      guard found == checksum else {
        throw ParquetError(.checksumMismatch, "a page's bytes do not have the checksum that it states")
      }
    }
    switch header.type {
    case .data, .dictionary: return Page(header: header, body: try body(stored, levels: 0, header, chunk.codec))
    case .dataV2:
      guard let levels = header.data?.versionTwo else {
        throw .corrupted("a data page without its header")
      }
      let levelBytes = levels.definitionLevelBytes + levels.repetitionLevelBytes
      let codec = levels.isCompressed ? chunk.codec : .uncompressed
      return Page(header: header, body: try body(stored, levels: levelBytes, header, codec))
    // Index pages, and pages that later versions may bring, are passed over.
    default: return Page(header: header, body: PageBody(bytes: [], range: 0..<0, isOwn: false))
    }
  }

  /// The body of a page whose first `levels` bytes are not compressed.
  private mutating func body(
    _ stored: Range<Int>, levels: Int, _ header: PageHeader, _ codec: ParquetCodec
  ) throws(ParquetError) -> PageBody {
    let size = header.uncompressedBytes
    guard levels <= stored.count, levels <= size else { throw .corrupted("levels longer than their page") }
    if codec == .uncompressed {
      guard stored.count == size else { throw .corrupted("a page of \(stored.count) bytes cannot hold \(size)") }
      return PageBody(bytes: bytes, range: stored, isOwn: false)
    }
    var target: [UInt8] = []
    swap(&target, &spare)
    try bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      let values = UnsafeRawBufferPointer(rebasing: bytes[stored.lowerBound + levels..<stored.upperBound])
      // A page without values may have no body at all, or one that is beyond what its header states.
      if size > levels {
        try PageCompression.requirePlausible(size - levels, of: values, codec, limit: options.limits.pageBytes)
      }
      target.makeRoom(for: size, keeping: 0)
      var failure: ParquetError?
      target.withUnsafeMutableBytes { target in
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[stored.prefix(levels)]))
        guard size > levels else { return }
        do throws(ParquetError) {
          var decompressor = try PageDecompressor(codec)
          try decompressor.decompress(values, into: UnsafeMutableRawBufferPointer(rebasing: target[levels..<size]))
        } catch { failure = error }
      }
      if let failure { throw failure }
    }
    return PageBody(bytes: target, range: 0..<size, isOwn: true)
  }
}

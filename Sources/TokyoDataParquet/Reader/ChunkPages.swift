/// The pages of a column chunk, one after the other, checked and decompressed.
struct ChunkPages: ~Copyable {
  /// Consecutive bytes of the chunk that were fetched.
  struct Part: Sendable {
    /// What was fetched at once, which other chunks may have a part in too.
    let bytes: [UInt8]
    /// Where the part lies in `bytes`.
    let range: Range<Int>
    /// Where the part begins in the file.
    let offset: Int
    /// The rows of the one page that the part is, where the offset index told so.
    var rows: Range<Int>?

    /// The part's own bytes.
    var content: [UInt8] { Array(bytes[range]) }
  }

  let chunk: ParquetColumnChunk
  private let parts: [Part]
  private let options: ParquetReaderOptions
  private var decompressor: PageDecompressor
  private var next = 0
  private var position = 0
  /// The header of the page that is at hand, and where the page lies in the part before `next`.
  private var header: PageHeader?
  private var stored = 0..<0
  /// A buffer of a page that has been read.
  private var spare: [UInt8] = []

  init(_ parts: [Part], of chunk: ParquetColumnChunk, options: ParquetReaderOptions) throws(ParquetError) {
    self.parts = parts
    self.chunk = chunk
    self.options = options
    decompressor = try PageDecompressor(chunk.codec)
  }

  /// The part that the page at hand lies in.
  private var part: Part { parts[next - 1] }

  /// The rows of the page at hand, where the offset index told them.
  var rows: Range<Int>? { part.rows }

  /// Takes back the body of a page that has been read.
  mutating func recycle(_ body: consuming PageBody) {
    if body.isOwn { spare = body.bytes }
  }

  /// Goes on to the next page and gives its header, or nil behind the last.
  mutating func nextHeader() throws(ParquetError) -> PageHeader? {
    while next == 0 || position >= part.range.upperBound {
      guard next < parts.count else { return nil }
      position = parts[next].range.lowerBound
      next += 1
    }
    let place = part.offset + position - part.range.lowerBound
    do throws(ParquetError) {
      let header = try readHeader()
      self.header = header
      return header
    } catch { throw ParquetError(error.code, error.message, offset: error.offset ?? place) }
  }

  private mutating func readHeader() throws(ParquetError) -> PageHeader {
    let end = part.range.upperBound
    var reader = CompactReader(part.bytes, in: position..<end)
    let header = try PageHeader(&reader)
    let start = reader.position
    guard header.compressedBytes <= end - start else { throw .corrupted("a page ends early") }
    stored = start..<start + header.compressedBytes
    // What may lie behind a page that the offset index names is another's.
    position = part.rows == nil ? stored.upperBound : end
    return header
  }

  /// The body of the page at hand, as it is before compression.
  mutating func body() throws(ParquetError) -> PageBody {
    let place = part.offset + stored.lowerBound - part.range.lowerBound
    do throws(ParquetError) { return try readBody() } catch {
      throw ParquetError(error.code, error.message, offset: error.offset ?? place)
    }
  }

  private mutating func readBody() throws(ParquetError) -> PageBody {
    guard let header else { throw .corrupted("a page without its header") }
    guard header.uncompressedBytes <= options.limits.pageBytes else {
      throw ParquetError(.limitExceeded, "a page of \(header.uncompressedBytes) bytes")
    }
    if options.verifiesChecksums, let checksum = header.checksum {
      let range = stored
      let found = part.bytes.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[range])) }
      guard found == checksum else {
        throw ParquetError(.checksumMismatch, "a page's bytes do not have the checksum that it states")
      }
    }
    guard header.type == .dataV2 else { return try body(header, levels: 0, isCompressed: true) }
    guard let lengths = header.data?.versionTwo else { throw .corrupted("a data page without its header") }
    let levels = lengths.definitionLevelBytes + lengths.repetitionLevelBytes
    return try body(header, levels: levels, isCompressed: lengths.isCompressed)
  }

  /// The body of a page whose first `levels` bytes are not compressed.
  private mutating func body(
    _ header: PageHeader, levels: Int, isCompressed: Bool
  ) throws(ParquetError) -> PageBody {
    let (size, stored, codec) = (header.uncompressedBytes, stored, chunk.codec)
    guard levels <= stored.count, levels <= size else { throw .corrupted("levels longer than their page") }
    if codec == .uncompressed || !isCompressed {
      guard stored.count == size else {
        throw .corrupted("a page of \(stored.count) bytes cannot hold \(size)")
      }
      return PageBody(bytes: part.bytes, range: stored, isOwn: false)
    }
    var target: [UInt8] = []
    swap(&target, &spare)
    var failure: ParquetError?
    part.bytes.withUnsafeBytes { bytes in
      let compressed = UnsafeRawBufferPointer(rebasing: bytes[stored.lowerBound + levels..<stored.upperBound])
      do throws(ParquetError) {
        // Where there are no values, some writers leave out the body, and others what would decompress to it.
        if size > levels {
          let limit = options.limits.pageBytes
          try PageCompression.requirePlausible(size - levels, of: compressed, codec, limit: limit)
        }
        target.makeRoom(for: size, keeping: 0)
        try target.withUnsafeMutableBytesThrowing { (target) throws(ParquetError) in
          target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[stored.prefix(levels)]))
          guard size > levels else { return }
          let values = UnsafeMutableRawBufferPointer(rebasing: target[levels..<size])
          try decompressor.decompress(compressed, into: values)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return PageBody(bytes: target, range: 0..<size, isOwn: true)
  }
}

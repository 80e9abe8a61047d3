/// The pages of a column chunk, one after the other, checked and decompressed.
struct ChunkPages: Sendable {
  /// A page's header and its body as it is before compression.
  struct Page {
    let header: PageHeader
    let body: [UInt8]
  }

  let chunk: ParquetColumnChunk
  private let bytes: [UInt8]
  private let options: ParquetReaderOptions
  private var position = 0

  /// Reads the pages in `bytes`, which are those of the chunk.
  init(_ bytes: [UInt8], of chunk: ParquetColumnChunk, options: ParquetReaderOptions) {
    self.bytes = bytes
    self.chunk = chunk
    self.options = options
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
    let body = try bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      let stored = UnsafeRawBufferPointer(rebasing: bytes[start..<start + header.compressedBytes])
      if options.verifiesChecksums, let checksum = header.checksum {
        guard Checksum.crc32(stored) == checksum else {
          throw ParquetError(.checksumMismatch, "a page's bytes do not have the checksum that it states")
        }
      }
      guard let data = header.data, let levels = data.versionTwo, header.type == .dataV2 else {
        return try PageCompression.decompress(stored, chunk.codec, size: header.uncompressedBytes)
      }
      return try versionTwoBody(stored, header, levels)
    }
    return Page(header: header, body: body)
  }

  /// Puts levels, which version 2 leaves uncompressed, in front of the decompressed values.
  private func versionTwoBody(
    _ stored: UnsafeRawBufferPointer, _ header: PageHeader, _ levels: PageHeader.VersionTwo
  ) throws(ParquetError) -> [UInt8] {
    let levelBytes = levels.definitionLevelBytes + levels.repetitionLevelBytes
    guard levelBytes <= stored.count, levelBytes <= header.uncompressedBytes else {
      throw .corrupted("levels longer than their page")
    }
    let values = UnsafeRawBufferPointer(rebasing: stored[levelBytes...])
    let size = header.uncompressedBytes - levelBytes
    // A page without values may have no body at all, which no codec would decompress.
    if values.isEmpty, size == 0 { return Array(stored) }
    let codec = levels.isCompressed ? chunk.codec : .uncompressed
    return try Array(stored[..<levelBytes]) + PageCompression.decompress(values, codec, size: size)
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` for bodies that throw errors of one type.
  func withUnsafeBytesThrowing<Result>(
    _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Result
  ) throws(ParquetError) -> Result {
    var result: Swift.Result<Result, ParquetError>?
    withUnsafeBytes { bytes in
      do throws(ParquetError) { result = .success(try body(bytes)) } catch { result = .failure(error) }
    }
    guard let result else { throw .corrupted("no bytes") }
    return try result.get()
  }
}

/// Finds and reads a file's footer.
struct FooterReader<Source: ParquetSource> {
  let source: Source
  let limits: ParquetLimits

  /// Most footers lie within this, so that one read suffices.
  private static var firstRead: Int { 64 << 10 }
  /// The footer's length and the magic number behind it.
  private static var trailerBytes: Int { 8 }

  func read() async throws -> ParquetFileMetadata {
    let size = try await source.byteCount
    guard size >= ParquetMagic.count + Self.trailerBytes else {
      throw ParquetError.corrupted("a file of \(size) bytes is no Parquet file")
    }
    let tailStart = max(0, size - Self.firstRead)
    var tail = try await bytes(tailStart..<size)
    let magic = Array(tail.suffix(ParquetMagic.count))
    if magic == ParquetMagic.encryptedFooter {
      throw ParquetError(.encrypted, "the file's footer is encrypted")
    }
    guard magic == ParquetMagic.bytes else {
      throw ParquetError.corrupted("the file does not end like a Parquet file", offset: size - magic.count)
    }
    if tailStart == 0, !tail.starts(with: ParquetMagic.bytes) {
      throw ParquetError.corrupted("the file does not begin like a Parquet file", offset: 0)
    }
    let length = tail.suffix(Self.trailerBytes).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let end = size - Self.trailerBytes
    guard length <= end - ParquetMagic.count else {
      throw ParquetError.corrupted("a footer longer than the file", offset: end)
    }
    guard length <= limits.footerBytes else {
      throw ParquetError(.limitExceeded, "a footer of \(length) bytes")
    }
    let start = end - length
    if start < tailStart { tail = try await bytes(start..<size) }
    let range = tail.count - Self.trailerBytes - length..<tail.count - Self.trailerBytes
    return try ParquetFileMetadata(tail, in: range, end: start)
  }

  private func bytes(_ range: Range<Int>) async throws -> [UInt8] {
    let bytes = try await source.read(range)
    guard bytes.count == range.count else {
      throw ParquetError.corrupted("the source gives fewer bytes than asked for", offset: range.lowerBound)
    }
    return bytes
  }
}

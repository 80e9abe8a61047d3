/// What the codecs of page bodies are able to do.
enum PageCompression {
  static func requireSupported(_ codec: ParquetCodec) throws(ParquetError) {
    switch codec {
    case .uncompressed, .snappy, .gzip, .zstd: return
    default: throw unsupported(codec)
    }
  }

  /// Refuses levels that a codec does not have; nil is its default.
  static func requireLevel(_ level: Int?, _ codec: ParquetCodec) throws(ParquetError) {
    guard let level else { return }
    let levels: ClosedRange<Int>? =
      switch codec {
      case .gzip: GzipCompressor.levels
      case .zstd: ZstdCompressor.levels
      default: nil
      }
    guard let levels else {
      throw ParquetError(.invalidArgument, "the codec \(codec) has no compression levels")
    }
    guard levels.contains(level) else {
      throw ParquetError(
        .invalidArgument,
        "the codec \(codec) has the compression levels \(levels.lowerBound) to \(levels.upperBound)")
    }
  }

  /// The most bytes that `count` compressed bytes can stand for; more is a forged size.
  static func maximumExpansion(of count: Int, _ codec: ParquetCodec) -> Int {
    let factor: Int
    switch codec {
    // Snappy's densest element stands for 64 bytes in 3; the preamble takes up to 5.
    case .snappy: factor = 22
    // Deflate's densest code stands for 258 bytes in 2 bits.
    case .gzip: factor = 1032
    // Zstandard's densest block stands for 128 KiB in 4 bytes.
    case .zstd: factor = 32 << 10
    default: return count
    }
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    return overflow || product > Int.max - 64 ? Int.max : product + 64
  }

  /// Refuses sizes that a body cannot have, or that exceed a limit, before memory is taken for them.
  static func requirePlausible(
    _ size: Int, of body: UnsafeRawBufferPointer, _ codec: ParquetCodec, limit: Int = Int(Int32.max)
  ) throws(ParquetError) {
    try requireSupported(codec)
    guard size <= limit else { throw ParquetError(.limitExceeded, "a page of \(size) bytes") }
    // Some writers leave the body out where there are no values.
    if size == 0, body.isEmpty { return }
    var isPossible = size >= 0 && size <= maximumExpansion(of: body.count, codec)
    switch codec {
    case .uncompressed: isPossible = size == body.count
    case .snappy: isPossible = isPossible && Snappy.statedSize(body) == size
    case .zstd:
      if isPossible, let stated = try Zstd.statedSize(body) { isPossible = stated == size }
    default: break
    }
    guard isPossible else { throw .corrupted("a page of \(body.count) bytes cannot hold \(size)") }
  }

  static func unsupported(_ codec: ParquetCodec) -> ParquetError {
    ParquetError(.unsupportedCodec, "the codec \(codec) is not supported")
  }
}

extension PageCompression {
  /// Appends the compressed body and gives its size; for a single body, as it makes a compressor for it.
  static func compress(
    _ body: UnsafeRawBufferPointer, _ codec: ParquetCodec, into out: inout ByteBuffer
  ) throws(ParquetError) -> Int {
    var compressor = try PageCompressor(codec)
    return try compressor.compress(body, into: &out)
  }

  /// Decompresses a body of a page that states `size` bytes; for a single body, as it makes a decompressor.
  static func decompress(
    _ body: UnsafeRawBufferPointer, _ codec: ParquetCodec, size: Int
  ) throws(ParquetError) -> [UInt8] {
    try requirePlausible(size, of: body, codec)
    var decompressor = try PageDecompressor(codec)
    var failure: ParquetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do throws(ParquetError) {
        let target = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<size])
        try decompressor.decompress(body, into: target)
        count = size
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}

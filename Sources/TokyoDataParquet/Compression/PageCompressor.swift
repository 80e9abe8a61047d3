/// Compresses the bodies of many pages by one codec, whose context it keeps between them.
struct PageCompressor: ~Copyable {
  private enum Engine: ~Copyable {
    case uncompressed
    case snappy
    case gzip(GzipCompressor)
    case zstd(ZstdCompressor)
  }

  private let engine: Engine

  /// Makes the compressor of a codec, at the level that it has by default if none is given.
  init(_ codec: ParquetCodec, level: Int? = nil) throws(ParquetError) {
    try PageCompression.requireLevel(level, codec)
    switch codec {
    case .uncompressed: engine = .uncompressed
    case .snappy: engine = .snappy
    case .gzip: engine = .gzip(try GzipCompressor(level: level ?? GzipCompressor.defaultLevel))
    case .zstd: engine = .zstd(try ZstdCompressor(level: level ?? ZstdCompressor.defaultLevel))
    default: throw PageCompression.unsupported(codec)
    }
  }

  /// Appends the compressed body and gives its size; mutating, as the context serves one call at a time.
  mutating func compress(
    _ body: UnsafeRawBufferPointer, into out: inout ByteBuffer
  ) throws(ParquetError) -> Int {
    let size: Int?
    switch engine {
    case .uncompressed:
      out.append(body)
      size = body.count
    case .snappy: size = Snappy.compress(body, into: &out)
    case .gzip(let compressor): size = compressor.compress(body, into: &out)
    case .zstd(let compressor): size = compressor.compress(body, into: &out)
    }
    guard let size else { throw ParquetError(.valueOutOfRange, "a page too large to be compressed") }
    return size
  }
}

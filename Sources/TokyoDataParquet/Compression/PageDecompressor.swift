/// Decompresses the bodies of many pages by one codec, whose context it keeps between them.
struct PageDecompressor: ~Copyable {
  private enum Engine: ~Copyable {
    case uncompressed
    case snappy
    case gzip(GzipDecompressor)
    case zstd(ZstdDecompressor)
  }

  private let engine: Engine

  init(_ codec: ParquetCodec) throws(ParquetError) {
    switch codec {
    case .uncompressed: engine = .uncompressed
    case .snappy: engine = .snappy
    case .gzip: engine = .gzip(try GzipDecompressor())
    case .zstd: engine = .zstd(try ZstdDecompressor())
    default: throw PageCompression.unsupported(codec)
    }
  }

  /// Decompresses exactly `target.count` bytes, a size that `PageCompression.requirePlausible` let pass.
  ///
  /// Where it throws, the target's content is undefined. Mutating, as the context serves one call at a time.
  mutating func decompress(
    _ body: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(ParquetError) {
    // Some writers leave the body out where there are no values.
    if body.isEmpty, target.isEmpty { return }
    switch engine {
    case .uncompressed:
      guard body.count == target.count else {
        throw .corrupted("an uncompressed body of another size than its header states")
      }
      target.copyMemory(from: body)
    case .snappy: try Snappy.decompress(body, into: target)
    case .gzip(let decompressor): try decompressor.decompress(body, into: target)
    case .zstd(let decompressor): try decompressor.decompress(body, into: target)
    }
  }
}

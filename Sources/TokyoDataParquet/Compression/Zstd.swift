internal import CZstd

/// Compresses with Zstandard; owns libzstd's context, which is far costlier to make than to use again.
struct ZstdCompressor: ~Copyable {
  static let levels = 1...22
  static let defaultLevel = 3

  private let context: OpaquePointer
  private let level: Int32

  init(level: Int) throws(ParquetError) {
    guard let context = ZSTD_createCCtx() else {
      throw ParquetError(.unsupportedCodec, "libzstd gives no context")
    }
    self.context = context
    self.level = Int32(truncatingIfNeeded: level)
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Appends one frame, which states the size of its content, and gives its size, or nil where libzstd refuses.
  func compress(_ source: UnsafeRawBufferPointer, into out: inout ByteBuffer) -> Int? {
    let bound = ZSTD_compressBound(source.count)
    guard ZSTD_isError(bound) == 0 else { return nil }
    let size = ZSTD_compressCCtx(
      context, out.reserve(bound), bound, source.baseAddress, source.count, level)
    guard ZSTD_isError(size) == 0 else { return nil }
    out.commit(size)
    return size
  }
}

/// Decompresses Zstandard's frames; owns libzstd's context.
struct ZstdDecompressor: ~Copyable {
  private let context: OpaquePointer

  init() throws(ParquetError) {
    guard let context = ZSTD_createDCtx() else {
      throw ParquetError(.unsupportedCodec, "libzstd gives no context")
    }
    self.context = context
  }

  deinit { ZSTD_freeDCtx(context) }

  /// Decompresses exactly `target.count` bytes.
  func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(ParquetError) {
    guard !source.isEmpty,
      ZSTD_decompressDCtx(context, target.baseAddress, target.count, source.baseAddress, source.count)
        == target.count
    else { throw .corrupted("a Zstandard body that does not decompress to the size that its header states") }
  }
}

enum Zstd {
  /// The size that the frames of a body state for their content, or nil where one states none.
  static func statedSize(_ body: UnsafeRawBufferPointer) throws(ParquetError) -> Int? {
    var total = 0
    var rest = body
    while let start = rest.baseAddress, !rest.isEmpty {
      let content = ZSTD_getFrameContentSize(start, rest.count)
      // The two largest numbers mean a size that is not stated, and no frame at all.
      if content == UInt64.max { return nil }
      let frame = ZSTD_findFrameCompressedSize(start, rest.count)
      guard ZSTD_isError(frame) == 0, frame > 0, frame <= rest.count, let size = Int(exactly: content),
        size <= Int.max - total
      else { throw .corrupted("a Zstandard body without whole frames") }
      total += size
      rest = UnsafeRawBufferPointer(rebasing: rest[frame...])
    }
    return total
  }
}

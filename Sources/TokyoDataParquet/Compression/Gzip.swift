internal import CDeflate

/// The one place that calls libdeflate's codec: compresses into gzip's framing.
///
/// It keeps the library's state, which is far costlier to make than to use again.
struct GzipCompressor: ~Copyable {
  static let levels = 1...12
  static let defaultLevel = 6

  private let state: OpaquePointer

  init(level: Int) throws(ParquetError) {
    guard let state = libdeflate_alloc_compressor(Int32(truncatingIfNeeded: level)) else {
      throw ParquetError(.unsupportedCodec, "libdeflate gives no compressor of level \(level)")
    }
    self.state = state
  }

  deinit { libdeflate_free_compressor(state) }

  /// Appends one compressed member and gives its size, or nil where libdeflate refuses.
  func compress(_ source: UnsafeRawBufferPointer, into out: inout ByteBuffer) -> Int? {
    let bound = libdeflate_gzip_compress_bound(state, source.count)
    // It wants a place even for nothing.
    var nothing: UInt8 = 0
    let size = withUnsafePointer(to: &nothing) { nothing in
      libdeflate_gzip_compress(
        state, source.baseAddress ?? UnsafeRawPointer(nothing), source.count, out.reserve(bound), bound)
    }
    guard size > 0 else { return nil }
    out.commit(size)
    return size
  }
}

/// Decompresses gzip members, one behind the other; keeps libdeflate's state as the compressor does.
struct GzipDecompressor: ~Copyable {
  private let state: OpaquePointer

  init() throws(ParquetError) {
    guard let state = libdeflate_alloc_decompressor() else {
      throw ParquetError(.unsupportedCodec, "libdeflate gives no decompressor")
    }
    self.state = state
  }

  deinit { libdeflate_free_decompressor(state) }

  /// Decompresses exactly `target.count` bytes.
  func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(ParquetError) {
    guard let input = source.baseAddress, !source.isEmpty else { throw Self.corrupted }
    // It wants a place even where it may not write.
    var nowhere: UInt8 = 0
    let isComplete = withUnsafeMutablePointer(to: &nowhere) { nowhere in
      let output = target.baseAddress ?? UnsafeMutableRawPointer(nowhere)
      var (read, written) = (0, 0)
      repeat {
        var (taken, given) = (0, 0)
        let result = libdeflate_gzip_decompress_ex(
          state, input + read, source.count - read, output + written, target.count - written, &taken, &given)
        guard result == LIBDEFLATE_SUCCESS else { return false }
        (read, written) = (read + taken, written + given)
      } while read < source.count
      return written == target.count
    }
    guard isComplete else { throw Self.corrupted }
  }

  private static var corrupted: ParquetError {
    .corrupted("a gzip body that does not decompress to the size that its header states")
  }
}

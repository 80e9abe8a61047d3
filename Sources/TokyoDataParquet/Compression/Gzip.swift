internal import CZlib

/// The one place that calls zlib's codec: compresses into gzip's framing.
///
/// It keeps zlib's state, which is far costlier to make than to reset. zlib's structure points to itself, so
/// it lives in memory of its own, which this value owns.
struct GzipCompressor: ~Copyable {
  static let levels = 1...9
  static let defaultLevel = 6

  private let stream: UnsafeMutablePointer<z_stream>

  init(level: Int) throws(ParquetError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = deflateInit2_(
      stream, Int32(truncatingIfNeeded: level), Z_DEFLATED, MAX_WBITS + gzipFraming, 8, Z_DEFAULT_STRATEGY,
      ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw ParquetError(.unsupportedCodec, "zlib gives no compressor of level \(level)")
    }
    self.stream = stream
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Appends one compressed member and gives its size, or nil where zlib refuses.
  func compress(_ source: UnsafeRawBufferPointer, into out: inout ByteBuffer) -> Int? {
    guard deflateReset(stream) == Z_OK, source.count <= Int(Int32.max) else { return nil }
    let bound = Int(deflateBound(stream, UInt(source.count)))
    stream.lend(source)
    stream.pointee.next_out = out.reserve(bound).assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(truncatingIfNeeded: bound)
    guard deflate(stream, Z_FINISH) == Z_STREAM_END else { return nil }
    let size = bound - Int(stream.pointee.avail_out)
    out.commit(size)
    return size
  }
}

/// Decompresses gzip members, one behind the other; keeps zlib's state as the compressor does.
struct GzipDecompressor: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(ParquetError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = inflateInit2_(
      stream, MAX_WBITS + gzipFraming, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw ParquetError(.unsupportedCodec, "zlib gives no decompressor")
    }
    self.stream = stream
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Decompresses exactly `target.count` bytes.
  func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(ParquetError) {
    guard !source.isEmpty, source.count <= Int(Int32.max), target.count <= Int(Int32.max) else {
      throw Self.corrupted
    }
    stream.lend(source)
    // zlib wants a place even where it may not write.
    var nowhere: UInt8 = 0
    let isComplete = withUnsafeMutablePointer(to: &nowhere) { nowhere in
      stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nowhere
      stream.pointee.avail_out = UInt32(truncatingIfNeeded: target.count)
      repeat {
        guard inflateReset(stream) == Z_OK, inflate(stream, Z_FINISH) == Z_STREAM_END else { return false }
      } while stream.pointee.avail_in > 0
      return stream.pointee.avail_out == 0
    }
    guard isComplete else { throw Self.corrupted }
  }

  private static var corrupted: ParquetError {
    .corrupted("a gzip body that does not decompress to the size that its header states")
  }
}

/// Added to the window's size, it asks zlib for gzip's header and trailer.
private let gzipFraming: Int32 = 16

extension UnsafeMutablePointer<z_stream> {
  /// Sets the input, of at most `Int32.max` bytes, which zlib only reads.
  fileprivate func lend(_ source: UnsafeRawBufferPointer) {
    let start = source.assumingMemoryBound(to: UInt8.self).baseAddress
    pointee.next_in = UnsafeMutablePointer<UInt8>(mutating: start)
    pointee.avail_in = UInt32(truncatingIfNeeded: source.count)
  }
}

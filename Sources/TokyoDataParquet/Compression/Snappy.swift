internal import CSnappy

/// The one place that calls libsnappy; nothing of it outlives a call.
enum Snappy {
  /// Appends the compressed body and gives its size, or nil where libsnappy refuses.
  static func compress(_ source: UnsafeRawBufferPointer, into out: inout ByteBuffer) -> Int? {
    var size = snappy_max_compressed_length(source.count)
    let target = out.reserve(size).assumingMemoryBound(to: CChar.self)
    let input = source.assumingMemoryBound(to: CChar.self).baseAddress
    guard snappy_compress(input, source.count, target, &size) == SNAPPY_OK else { return nil }
    out.commit(size)
    return size
  }

  /// The size that a body states for its content, or nil where it states none.
  static func statedSize(_ source: UnsafeRawBufferPointer) -> Int? {
    var size = 0
    let input = source.assumingMemoryBound(to: CChar.self).baseAddress
    guard source.count > 0, snappy_uncompressed_length(input, source.count, &size) == SNAPPY_OK else {
      return nil
    }
    return size
  }

  /// Decompresses exactly `target.count` bytes.
  static func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(ParquetError) {
    guard statedSize(source) == target.count else {
      throw .corrupted("a Snappy body of another size than its header states")
    }
    var size = target.count
    let input = source.assumingMemoryBound(to: CChar.self).baseAddress
    // libsnappy wants a place even where it may not write.
    var nowhere: CChar = 0
    let status = withUnsafeMutablePointer(to: &nowhere) {
      snappy_uncompress(
        input, source.count, target.assumingMemoryBound(to: CChar.self).baseAddress ?? $0, &size)
    }
    guard status == SNAPPY_OK, size == target.count else {
      throw .corrupted("a Snappy body that does not decompress")
    }
  }
}

internal import CSnappy

/// The one place that calls libsnappy; nothing of it outlives a call.
enum Snappy {
  /// The most bytes that compressing `count` bytes can give.
  static func maximumSize(_ count: Int) -> Int { snappy_max_compressed_length(count) }

  /// Compresses into memory of at least `maximumSize` bytes and gives the size, or nil where libsnappy refuses.
  static func compress(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer) -> Int? {
    var size = maximumSize(source.count)
    let status = snappy_compress(
      source.bindMemory(to: CChar.self).baseAddress, source.count,
      target.assumingMemoryBound(to: CChar.self), &size)
    return status == SNAPPY_OK ? size : nil
  }

  /// Decompresses exactly `target.count` bytes.
  static func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(ParquetError) {
    let input = source.bindMemory(to: CChar.self).baseAddress
    var size = 0
    guard source.count > 0, snappy_uncompressed_length(input, source.count, &size) == SNAPPY_OK,
      size == target.count
    else { throw .corrupted("a Snappy body of another size than its header states") }
    if size == 0 { return }
    let output = target.bindMemory(to: CChar.self).baseAddress
    guard snappy_uncompress(input, source.count, output, &size) == SNAPPY_OK, size == target.count else {
      throw .corrupted("a Snappy body that does not decompress")
    }
  }
}

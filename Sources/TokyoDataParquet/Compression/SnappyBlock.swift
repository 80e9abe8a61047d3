/// Snappy for blocks that are no pages: what other modules of ours compress with the library that this one owns.
package enum SnappyBlock {
  /// The compressed bytes, or nil where libsnappy refuses.
  package static func compress(_ bytes: [UInt8]) -> [UInt8]? {
    var buffer = ByteBuffer(capacity: bytes.count)
    guard bytes.withUnsafeBytes({ Snappy.compress($0, into: &buffer) }) != nil else { return nil }
    return Array(buffer.bytes)
  }

  /// Exactly `count` bytes again, or nil where the block is damaged or stands for another number of bytes.
  package static func decompress(_ block: [UInt8], count: Int) -> [UInt8]? {
    try? block.withUnsafeBytes { block throws(ParquetError) in
      try PageCompression.decompress(block, .snappy, size: count)
    }
  }
}

internal import TokyoDataCore
internal import TokyoDataParquet

/// Snappy, which costs less than sending what it saves.
struct SnappyCompressor: CacheCompressor {
  let id: UInt8 = 1

  func compress(_ bytes: [UInt8]) -> [UInt8]? { SnappyBlock.compress(bytes) }

  func decompress(_ bytes: [UInt8], count: Int) -> [UInt8]? { SnappyBlock.decompress(bytes, count: count) }
}

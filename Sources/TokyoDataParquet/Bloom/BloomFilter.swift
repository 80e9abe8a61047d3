#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A split-block bloom filter: tells of a value that it is not in a chunk, or that it may be.
///
/// Blocks of eight 32-bit words; a value has one bit in each word of one block. The block follows from the
/// upper half of the value's XXH64, the bits from the lower half. Source: "Bloom Filter" of the Apache
/// Parquet format, and the papers of Putze, Sanders and Singler on blocked filters that it names.
struct BloomFilter: Hashable, Sendable {
  /// The format's own odd numbers, one for each word of a block.
  private static let salts: [UInt32] = [
    0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
  ]
  private static let wordsPerBlock = 8
  static let bytesPerBlock = 32
  /// Larger filters cost more to read than they save; parquet-java has the same limit.
  static let maximumBytes = 128 << 20

  /// The words of all blocks.
  private(set) var words: [UInt32]

  var byteCount: Int { words.count * 4 }
  private var blockCount: Int { words.count / Self.wordsPerBlock }

  /// Makes a filter with room for a number of distinct values.
  ///
  /// The size is the power of two at or above −8n / ln(1 − p^⅛) bits, for n values and a share p of absent
  /// values that pass. Source: the Parquet format's "Sizing an SBBF".
  init(distinctValues: Int, falsePositives: Double) {
    let bits = -8 * Double(max(1, distinctValues)) / log(1 - Self.eighthRoot(falsePositives))
    var bytes = Self.bytesPerBlock
    while bytes < Self.maximumBytes, Double(bytes) * 8 < bits { bytes *= 2 }
    words = Array(repeating: 0, count: bytes / 4)
  }

  /// Takes over the words of whole blocks.
  init(words: [UInt32]) { self.words = words }

  mutating func insert(_ hash: UInt64) {
    let start = block(of: hash) &* Self.wordsPerBlock
    words.withUnsafeMutableBufferPointer { words in
      for index in 0..<Self.wordsPerBlock { words[start &+ index] |= Self.bit(hash, index) }
    }
  }

  /// Whether a value of this hash may be among those that were inserted.
  func mightContain(_ hash: UInt64) -> Bool {
    let start = block(of: hash) * Self.wordsPerBlock
    return (0..<Self.wordsPerBlock).allSatisfy { words[start + $0] & Self.bit(hash, $0) != 0 }
  }

  /// Halves the filter as long as it lets pass no larger share of absent values than asked for.
  ///
  /// Blocks are chosen by multiplication, so two neighbors become one; a filter of fewer blocks that was
  /// filled from the start would be the same.
  mutating func fold(keeping falsePositives: Double) {
    while words.count > Self.wordsPerBlock, blockCount.isMultiple(of: 2) {
      let folded = halved
      guard folded.falsePositives <= falsePositives else { return }
      self = folded
    }
  }

  private var halved: BloomFilter {
    var half = [UInt32](repeating: 0, count: words.count / 2)
    for (index, word) in words.enumerated() {
      let (block, place) = (index / Self.wordsPerBlock, index % Self.wordsPerBlock)
      half[block / 2 * Self.wordsPerBlock + place] |= word
    }
    return BloomFilter(words: half)
  }

  /// The share of absent values that pass: of each block the product of how full its words are.
  var falsePositives: Double {
    var sum = 0.0
    for start in stride(from: 0, to: words.count, by: Self.wordsPerBlock) {
      sum += words[start..<start + Self.wordsPerBlock].reduce(1) { $0 * Double($1.nonzeroBitCount) / 32 }
    }
    return sum / Double(blockCount)
  }

  @inline(__always)
  private func block(of hash: UInt64) -> Int {
    let blocks = UInt64(truncatingIfNeeded: words.count / Self.wordsPerBlock)
    return Int(truncatingIfNeeded: ((hash &>> 32) &* blocks) &>> 32)
  }

  @inline(__always)
  private static func bit(_ hash: UInt64, _ word: Int) -> UInt32 {
    1 &<< ((UInt32(truncatingIfNeeded: hash) &* salts[word]) &>> 27)
  }

  private static func eighthRoot(_ value: Double) -> Double {
    value.squareRoot().squareRoot().squareRoot()
  }
}

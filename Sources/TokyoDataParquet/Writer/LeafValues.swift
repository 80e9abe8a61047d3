/// The values of one leaf column in a row group, without the nulls, in memory that is theirs alone.
///
/// One conformer for each way in which values lie in files; the chunk encoder is generic over them, so that
/// nothing is looked up for a value.
protocol LeafValues: ~Copyable {
  var count: Int { get }
  /// The bytes that values take in PLAIN encoding.
  func plainByteCount(_ range: Range<Int>) -> Int
  /// The bytes of byte arrays themselves, without their lengths; nil for other types.
  func arrayByteCount(_ range: Range<Int>) -> Int?
  /// The least and greatest; nil without values, or where one is NaN.
  func bounds(_ range: Range<Int>) -> ValueBounds?
  /// Appends values in an encoding that is none of a dictionary.
  func encode(_ range: Range<Int>, as encoding: ParquetEncoding, into body: inout ByteBuffer)
  /// The distinct values in the order of their first occurrence, or nil beyond `limit` bytes of them.
  func dictionary(limit: Int) -> LeafDictionary<Self>?
  /// Hands out the hash that a bloom filter keeps of each value.
  func forEachHash(_ body: (UInt64) -> Void)
}

/// The distinct values of a leaf, and for every value the position of its key.
struct LeafDictionary<Keys: LeafValues & ~Copyable>: ~Copyable {
  let keys: Keys
  let ids: [UInt32]

  init(keys: consuming Keys, ids: [UInt32]) {
    self.keys = keys
    self.ids = ids
  }
}

extension LeafDictionary where Keys: ~Copyable {
  /// Some readers refuse indices of no bits, which one key would need only.
  var indexWidth: Int { max(1, bitWidth(of: keys.count - 1)) }

  /// Appends the indices of some values, their width first.
  func encodeIndices(_ range: Range<Int>, into body: inout ByteBuffer) {
    body.append(UInt8(truncatingIfNeeded: indexWidth))
    let width = indexWidth
    ids.withUnsafeBufferPointer {
      encodeHybrid(UnsafeBufferPointer(rebasing: $0[range]), width: width, into: &body)
    }
  }
}

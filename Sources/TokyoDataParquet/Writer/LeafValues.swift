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
  /// Puts all values into a bloom filter.
  func insert(into filter: inout BloomFilter)
  /// The positions of all values from the least to the greatest; nil where values are compared as fast.
  func ascending() -> [UInt32]?
}

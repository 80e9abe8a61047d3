/// How the larger values of a cache are made smaller.
///
/// A protocol, since this module calls no C library; the router brings Snappy.
public protocol CacheCompressor: Sendable {
  /// What stands in a value for this way of compressing, from 1 to 255; never given to another one.
  var id: UInt8 { get }

  /// The bytes in fewer, or nil where that does not succeed.
  func compress(_ bytes: [UInt8]) -> [UInt8]?

  /// Exactly `count` bytes again, or nil where `bytes` do not stand for so many; never traps, whatever they are.
  func decompress(_ bytes: [UInt8], count: Int) -> [UInt8]?
}

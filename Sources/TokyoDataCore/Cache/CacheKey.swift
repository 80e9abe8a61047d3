/// The key of a cache entry: any bytes.
///
/// Its text tells only how long it is. A key may hold what a person asked for, and a digest of few possible
/// values would tell which one.
public struct CacheKey: Hashable, Sendable {
  /// The bytes.
  public let bytes: [UInt8]

  /// Makes a key of bytes.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Makes a key of the UTF-8 of a text.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }
}

extension CacheKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How long the key is.
  public var description: String { "CacheKey(\(bytes.count) bytes)" }

  /// How long the key is.
  public var debugDescription: String { description }

  /// Nothing of the bytes, so that a dump tells no more than the description.
  public var customMirror: Mirror { Mirror(self, children: ["count": bytes.count]) }
}

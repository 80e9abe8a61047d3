/// A value to be set, its key and its life.
public struct CacheItem: Hashable, Sendable {
  /// The key.
  public var key: CacheKey
  /// The value.
  public var value: [UInt8]
  /// How long it lives.
  public var expiry: CacheExpiry

  /// Makes an item.
  public init(_ key: CacheKey, _ value: [UInt8], expiry: CacheExpiry) {
    self.key = key
    self.value = value
    self.expiry = expiry
  }
}

/// A value that a cache holds, with what is left of its life.
public struct CacheEntry: Hashable, Sendable {
  /// The value.
  public var value: [UInt8]
  /// What was left of its life when the cache answered; nil for an entry without an end.
  public var remaining: Duration?

  /// Makes an entry.
  public init(_ value: [UInt8], remaining: Duration?) {
    self.value = value
    self.remaining = remaining
  }
}

// Values may be personal: their text, and a dump of them, tells only how long they are.

extension CacheItem: CustomStringConvertible, CustomReflectable {
  /// The length of key and value.
  public var description: String { "CacheItem(\(key), \(value.count) bytes)" }

  /// Nothing of the bytes.
  public var customMirror: Mirror { Mirror(self, children: ["key": key, "count": value.count]) }
}

extension CacheEntry: CustomStringConvertible, CustomReflectable {
  /// The length of the value and what is left of its life.
  public var description: String {
    "CacheEntry(\(value.count) bytes, " + (remaining.map { "\($0) left)" } ?? "no end)")
  }

  /// Nothing of the bytes.
  public var customMirror: Mirror {
    Mirror(self, children: ["count": value.count, "remaining": remaining as Any])
  }
}

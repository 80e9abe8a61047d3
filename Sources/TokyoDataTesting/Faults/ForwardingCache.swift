/// A cache that passes everything on to another; a test says only what differs.
public protocol ForwardingCache: Cache {
  /// The cache below.
  associatedtype Inner: Cache
  /// The cache below.
  var inner: Inner { get }
}

extension ForwardingCache {
  /// The name of the cache below.
  public var name: String { inner.name }

  /// Passes the call on.
  public func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] { try await inner.get(keys) }

  /// Passes the call on.
  public func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    try await inner.getEntries(keys)
  }

  /// Passes the call on.
  public func set(_ items: [CacheItem]) async throws { try await inner.set(items) }

  /// Passes the call on.
  public func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try await inner.exchange(key, from: expected, to: replacement, expiry: expiry)
  }

  /// Passes the call on.
  public func delete(_ keys: [CacheKey]) async throws { try await inner.delete(keys) }

  /// Passes the call on.
  public func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    try await inner.add(amount, to: key, expiry: expiry)
  }

  /// Passes the call on.
  public func close() async { await inner.close() }
}

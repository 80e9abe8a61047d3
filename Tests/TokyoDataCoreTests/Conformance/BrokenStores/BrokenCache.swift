internal import TokyoDataTesting

/// A cache that breaks one sentence of the contract, and forwards all else to an in-memory one.
protocol BrokenCache: Cache {
  /// The sentence that it breaks.
  static var breaks: String { get }
  init(inner: InMemoryCache)
  var inner: InMemoryCache { get }
}

extension BrokenCache {
  var name: String { inner.name }

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] { try await inner.get(keys) }

  func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] { try await inner.getEntries(keys) }

  func set(_ items: [CacheItem]) async throws { try await inner.set(items) }

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try await inner.exchange(key, from: expected, to: replacement, expiry: expiry)
  }

  func delete(_ keys: [CacheKey]) async throws { try await inner.delete(keys) }

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    try await inner.add(amount, to: key, expiry: expiry)
  }

  func close() async { await inner.close() }
}

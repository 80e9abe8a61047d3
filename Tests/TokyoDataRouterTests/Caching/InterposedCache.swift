import Synchronization
import TokyoDataTesting

@testable import TokyoDataRouter

/// A cache that lets a test act before each call, counts calls, and shows what it holds.
final class InterposedCache: ForwardingCache {
  enum Call: Hashable, Sendable { case get, set, exchange }

  let name = "test"
  let inner: InMemoryCache
  let calls = Mutex<[Call]>([])
  /// The values as they were set, for tests that damage them.
  let items = Mutex<[CacheKey: CacheItem]>([:])
  private let before: @Sendable (Call) async throws -> Void

  init(_ inner: InMemoryCache, before: @escaping @Sendable (Call) async throws -> Void) {
    self.inner = inner
    self.before = before
  }

  private func pass(_ call: Call) async throws {
    calls.withLock { $0.append(call) }
    try await before(call)
  }

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    try await pass(.get)
    return try await inner.get(keys)
  }

  func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    try await pass(.get)
    return try await inner.getEntries(keys)
  }

  func set(_ items: [CacheItem]) async throws {
    try await pass(.set)
    self.items.withLock { known in for item in items { known[item.key] = item } }
    try await inner.set(items)
  }

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try await pass(.exchange)
    return try await inner.exchange(key, from: expected, to: replacement, expiry: expiry)
  }
}

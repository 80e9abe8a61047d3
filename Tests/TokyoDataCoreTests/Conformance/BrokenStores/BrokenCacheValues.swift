internal import Synchronization
internal import TokyoDataTesting

struct KeepsValuesFromEmptyOnes: BrokenCache {
  static let breaks = "What a get returns is exactly what was set last."
  let inner: InMemoryCache

  func set(_ items: [CacheItem]) async throws {
    for item in items {
      if item.value.isEmpty, try await inner.get(item.key) != nil { continue }
      try await inner.set([item])
    }
  }
}

final class GivesTheOnlyValue: BrokenCache {
  static let breaks = "A key that was never set is absent."
  let inner: InMemoryCache
  private let written = Mutex<Set<CacheKey>>([])

  init(inner: InMemoryCache) { self.inner = inner }

  func set(_ items: [CacheItem]) async throws {
    written.withLock { $0.formUnion(items.map(\.key)) }
    try await inner.set(items)
  }

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    let only = written.withLock { $0.count == 1 ? $0.first : nil }
    return try await inner.get(keys.map { only ?? $0 })
  }
}

struct DropsLongValues: BrokenCache {
  static let breaks = "Keys and values are any bytes, of any length up to a megabyte at least."
  let inner: InMemoryCache

  func set(_ items: [CacheItem]) async throws {
    try await inner.set(items.filter { $0.value.count < 500_000 })
  }
}

struct IgnoresCase: BrokenCache {
  static let breaks = "Keys that differ in one byte or in length are different keys."
  let inner: InMemoryCache

  private func folded(_ key: CacheKey) -> CacheKey { CacheKey(key.bytes.map { $0 == 65 ? 97 : $0 }) }

  func set(_ items: [CacheItem]) async throws {
    try await inner.set(items.map { CacheItem(folded($0.key), $0.value, expiry: $0.expiry) })
  }

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] { try await inner.get(keys.map(folded)) }
}

final class LosesASet: BrokenCache {
  static let breaks =
    "A set that succeeded is seen by later gets of the same process, unless the cache forgot it."
  let inner: InMemoryCache
  private let sets = Atomic<Int>(0)

  init(inner: InMemoryCache) { self.inner = inner }

  func set(_ items: [CacheItem]) async throws {
    if sets.wrappingAdd(1, ordering: .relaxed).newValue != 150 { try await inner.set(items) }
  }
}

struct AnswersDuplicatesOnce: BrokenCache {
  static let breaks =
    "A get of a batch answers in the order of its keys, with each duplicate and each gap in its place."
  let inner: InMemoryCache

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    var seen: Set<CacheKey> = []
    return try await zip(keys, inner.get(keys)).map { key, value in
      seen.insert(key).inserted ? value : nil
    }
  }
}

struct KeepsTheFirstOfABatch: BrokenCache {
  static let breaks = "Of several values for one key in a batch the last one stays."
  let inner: InMemoryCache

  func set(_ items: [CacheItem]) async throws { try await inner.set(items.reversed()) }
}

struct TakesNothingForAll: BrokenCache {
  static let breaks = "A batch of nothing does nothing."
  let inner: InMemoryCache

  func delete(_ keys: [CacheKey]) async throws {
    try await inner.delete(keys.isEmpty ? [CacheKey("a")] : keys)
  }
}

struct DeletesOneOfABatch: BrokenCache {
  static let breaks = "A deleted key is absent, and deleting what is absent is no error."
  let inner: InMemoryCache

  func delete(_ keys: [CacheKey]) async throws { try await inner.delete(Array(keys.prefix(1))) }
}

struct WorksForTheCanceled: BrokenCache {
  static let breaks = "A call of a canceled task throws `CancellationError`."
  let inner: InMemoryCache

  func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    try await Task { try await inner.getEntries(keys) }.value
  }
}

struct IsEmptyAfterItsClose: BrokenCache {
  static let breaks = "After `close` every other call is an `unavailable` error."
  let inner: InMemoryCache

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    do { return try await inner.get(keys) } catch let error as TokyoDataError where error.code == .unavailable
    {
      return keys.map { _ in nil }
    }
  }
}

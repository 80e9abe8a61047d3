internal import Synchronization
internal import TokyoDataTesting

final class RemembersTheDead: BrokenCache {
  static let breaks = "An entry is gone when its life is over, and not before unless the cache forgot it."
  let inner: InMemoryCache
  private let mortal = Mutex<Set<CacheKey>>([])

  init(inner: InMemoryCache) { self.inner = inner }

  func set(_ items: [CacheItem]) async throws {
    let ending = items.filter { $0.expiry.isKept && $0.expiry.life != nil }.map(\.key)
    mortal.withLock { $0.formUnion(ending) }
    try await inner.set(items)
  }

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    if expected == nil, mortal.withLock({ $0.contains(key) }) { return false }
    return try await inner.exchange(key, from: expected, to: replacement, expiry: expiry)
  }
}

struct TellsTheWholeLife: BrokenCache {
  static let breaks = "An entry without an expiry tells no remaining life; with one it tells what is left."
  let inner: InMemoryCache

  func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    try await inner.getEntries(keys).map { entry in
      entry.map { CacheEntry($0.value, remaining: $0.remaining.map { _ in .seconds(100) }) }
    }
  }
}

struct KeepsTheFirstLife: BrokenCache {
  static let breaks = "A set replaces the life of the entry as well as its value."
  let inner: InMemoryCache

  func set(_ items: [CacheItem]) async throws {
    for var item in items {
      if item.expiry == .never, let left = try await inner.getEntry(item.key)?.remaining {
        item.expiry = .after(left)
      }
      try await inner.set([item])
    }
  }
}

struct IgnoresSetsForNoTime: BrokenCache {
  static let breaks = "A value set to live no time is not kept, and replaces what was there."
  let inner: InMemoryCache

  func set(_ items: [CacheItem]) async throws { try await inner.set(items.filter(\.expiry.isKept)) }
}

struct TakesEmptyForAny: BrokenCache {
  static let breaks =
    "An exchange changes the entry only where it is what was expected, and tells whether it was."
  let inner: InMemoryCache

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    let from = expected == [] ? try await inner.get(key) : expected
    return try await inner.exchange(key, from: from, to: replacement, expiry: expiry)
  }
}

struct TakesEmptyForAbsent: BrokenCache {
  static let breaks = "An exchange that expects nothing succeeds only where the key is absent."
  let inner: InMemoryCache

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    if expected == nil, try await inner.exchange(key, from: [], to: replacement, expiry: expiry) {
      return true
    }
    return try await inner.exchange(key, from: expected, to: replacement, expiry: expiry)
  }
}

struct EmptiesInsteadOfDeleting: BrokenCache {
  static let breaks = "An exchange for nothing deletes the entry."
  let inner: InMemoryCache

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try await inner.exchange(key, from: expected, to: replacement ?? [], expiry: expiry)
  }
}

final class HasTwoWinners: BrokenCache {
  static let breaks = "Of several exchanges that expect the same at once exactly one succeeds."
  let inner: InMemoryCache
  private let losers = Atomic<Int>(0)

  init(inner: InMemoryCache) { self.inner = inner }

  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    if try await inner.exchange(key, from: expected, to: replacement, expiry: expiry) { return true }
    return losers.wrappingAdd(1, ordering: .relaxed).newValue == 50
  }
}

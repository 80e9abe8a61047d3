internal import Synchronization
internal import TokyoDataTesting

struct TellsTheSumBefore: BrokenCache {
  static let breaks = "A counter begins at nothing with 0, and each addition tells the sum it made."
  let inner: InMemoryCache

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    let sum = try await inner.add(amount, to: key, expiry: expiry)
    return amount < 0 ? sum &- amount : sum
  }
}

final class LosesAnAddition: BrokenCache {
  static let breaks = "Additions of many tasks at once are all counted."
  let inner: InMemoryCache
  private let additions = Atomic<Int>(0)

  init(inner: InMemoryCache) { self.inner = inner }

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    let isLost = additions.wrappingAdd(1, ordering: .relaxed).newValue == 500
    return try await inner.add(isLost ? 0 : amount, to: key, expiry: expiry)
  }
}

struct RenewsCounters: BrokenCache {
  static let breaks =
    "The expiry of an addition holds where it begins the counter; later ones leave its life as it is."
  let inner: InMemoryCache

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    let sum = try await inner.add(amount, to: key, expiry: expiry)
    if expiry != .never { try await inner.set(key, to: Array(String(sum).utf8), expiry: expiry) }
    return sum
  }
}

final class PadsCounters: BrokenCache {
  static let breaks = "A counter reads as its decimal text, and text of that kind can be added to."
  let inner: InMemoryCache
  private let counters = Mutex<Set<CacheKey>>([])

  init(inner: InMemoryCache) { self.inner = inner }

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    let sum = try await inner.add(amount, to: key, expiry: expiry)
    _ = counters.withLock { $0.insert(key) }
    return sum
  }

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    let counters = counters.withLock { $0 }
    return try await zip(keys, inner.get(keys)).map { key, value in
      counters.contains(key) ? value.map { [32] + $0 } : value
    }
  }
}

struct CountsFromEmpty: BrokenCache {
  static let breaks = "Adding to anything else is a `typeMismatch` error and leaves it as it was."
  let inner: InMemoryCache

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    _ = try await inner.exchange(key, from: [], to: nil, expiry: .never)
    return try await inner.add(amount, to: key, expiry: expiry)
  }
}

struct StopsAtTheLargest: BrokenCache {
  static let breaks = "A sum beyond 64 bits is a `valueOutOfRange` error and leaves the counter as it was."
  let inner: InMemoryCache

  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    do { return try await inner.add(amount, to: key, expiry: expiry) } catch let error as TokyoDataError
      where error.code == .valueOutOfRange
    {
      return .max
    }
  }
}

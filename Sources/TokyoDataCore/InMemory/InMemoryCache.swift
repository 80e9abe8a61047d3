internal import Synchronization

/// A cache in this process, bounded by bytes.
///
/// When it is full it forgets what was not asked for a second time first, then what was not asked for the
/// longest. An entry whose life is over is found so when it is asked for, or forgotten when room is needed.
///
/// A lock, not an actor: each operation holds it for a few steps and never waits, so a caller need not either.
public final class InMemoryCache: Cache {
  /// The room unless said otherwise: 64 MB.
  public static let defaultCapacity = 64_000_000

  /// `memory`.
  public let name = "memory"
  private let state: Mutex<State>
  private let elapsed: @Sendable () -> Int64

  private struct State: Sendable {
    var entries: SegmentedLRU
    var isClosed = false
  }

  /// Makes an empty cache.
  ///
  /// - Parameters:
  ///   - capacity: The most bytes of all keys and values and of what keeping them takes.
  ///   - clock: What lives are measured by.
  public init(capacity: Int = defaultCapacity, clock: some Clock<Duration> = ContinuousClock()) {
    state = Mutex(State(entries: SegmentedLRU(capacity: max(0, capacity))))
    let start = clock.now
    elapsed = { start.duration(to: clock.now).nanoseconds }
  }

  /// The bytes of all entries, with what keeping them takes.
  public var byteCount: Int { state.withLock { $0.entries.byteCount } }

  /// How many entries there are, with those whose life is over and that nobody has asked for since.
  public var count: Int { state.withLock { $0.entries.count } }

  /// The values of the keys, in their order; nil for what is absent.
  public func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    try withEntries { entries in keys.map { entries.use($0, now: elapsed)?.value } }
  }

  /// The value of a key; nil where it is absent.
  ///
  /// What the form for several keys gives, without the arrays, which would take half of the time.
  public func get(_ key: CacheKey) async throws -> [UInt8]? {
    try withEntries { $0.use(key, now: elapsed)?.value }
  }

  /// The values of the keys with what is left of their lives, in their order; nil for what is absent.
  public func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    try withEntries { entries in
      keys.map { key in
        entries.use(key, now: elapsed).map { value, end in
          CacheEntry(value, remaining: end == .max ? nil : .nanoseconds(end - elapsed()))
        }
      }
    }
  }

  /// Sets values, whatever was there before.
  public func set(_ items: [CacheItem]) async throws {
    try Task.checkCancellation()
    try setAtOnce(items)
  }

  /// Replaces the value of a key where it is `expected`, in one step; nil stands for no entry.
  public func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try withEntries { entries in
      guard entries.use(key, now: elapsed)?.value == expected else { return false }
      if let replacement { keep(replacement, of: key, expiry, in: &entries) } else { entries.remove(key) }
      return true
    }
  }

  /// Deletes the entries of the keys.
  public func delete(_ keys: [CacheKey]) async throws {
    try Task.checkCancellation()
    try deleteAtOnce(keys)
  }

  /// Adds to a counter, in one step; the expiry is for the counter that this begins.
  ///
  /// - Throws: `typeMismatch` where the entry is no counter, `valueOutOfRange` beyond 64 bits.
  public func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    try withEntries { entries in
      guard let (value, end) = entries.use(key, now: elapsed) else {
        keep(Array(String(amount).utf8), of: key, expiry, in: &entries)
        return amount
      }
      let sum = try CounterText.adding(amount, to: value, store: name)
      entries.set(key, Array(String(sum).utf8), end: end)
      return sum
    }
  }

  /// Forgets everything; every later call fails.
  public func close() async {
    state.withLock { state in
      state.isClosed = true
      state.entries = SegmentedLRU(capacity: 0)
    }
  }

  /// What `set` does, for those who hold a lock of their own, canceled or not.
  func setAtOnce(_ items: [CacheItem]) throws {
    try atOnce { entries in
      for item in items { keep(item.value, of: item.key, item.expiry, in: &entries) }
    }
  }

  /// What `delete` does, for those who hold a lock of their own, canceled or not.
  func deleteAtOnce(_ keys: [CacheKey]) throws {
    try atOnce { entries in for key in keys { entries.remove(key) } }
  }

  private func keep(
    _ value: [UInt8], of key: CacheKey, _ expiry: CacheExpiry, in entries: inout SegmentedLRU
  ) {
    guard expiry.isKept else { return entries.remove(key) }
    entries.set(key, value, end: expiry.milliseconds.map { elapsed() + $0 * 1_000_000 } ?? .max)
  }

  private func withEntries<Result>(_ body: (inout SegmentedLRU) throws -> Result) throws -> Result {
    try Task.checkCancellation()
    return try atOnce(body)
  }

  private func atOnce<Result>(_ body: (inout SegmentedLRU) throws -> Result) throws -> Result {
    try state.withLock { state in
      guard !state.isClosed else {
        throw TokyoDataError(.unavailable, "the cache is closed", context: .init(store: name))
      }
      return try body(&state.entries)
    }
  }
}

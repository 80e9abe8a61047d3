/// A cache of this process before one that processes share.
///
/// Reads are answered near where they can be, and what is found far is kept near, never longer than the far
/// entry lives nor than `nearLife`: for so long may this process not see what another one wrote. Its own writes
/// it always sees. Exchanges and counters are the far cache's alone; they drop what is near. What keeps its
/// meaning only while everybody agrees, such as a lock, is therefore asked for with an exchange, not a get.
public final class TwoLevelCache: Cache {
  /// How long an entry stays near unless said otherwise: a minute.
  public static let defaultNearLife: Duration = .seconds(60)

  /// The name of the far cache, whose errors these are.
  public var name: String { far.name }
  private let near: InMemoryCache
  private let far: any Cache
  private let nearLife: Duration
  private let fills = NearFills()

  /// Puts a near cache before a far one; both are then this one's, and `close` closes both.
  ///
  /// - Parameters:
  ///   - near: The cache of this process, used by nothing else.
  ///   - far: The cache that processes share.
  ///   - nearLife: How long an entry stays near at most.
  public init(near: InMemoryCache, far: any Cache, nearLife: Duration = defaultNearLife) {
    self.near = near
    self.far = far
    self.nearLife = nearLife
  }

  /// The values of the keys, in their order: near where they are, else far.
  public func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    var values = try await near.get(keys)
    let missing = values.indices.filter { values[$0] == nil }
    guard !missing.isEmpty else { return values }
    let found = try await getEntries(missing.map { keys[$0] })
    for (index, entry) in zip(missing, found) { values[index] = entry?.value }
    return values
  }

  /// The values of the keys with what is left of their lives, from the far cache, which alone knows.
  public func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    let fill = fills.begin(keys)
    defer { fills.end(fill, of: keys) }
    let entries = try await far.getEntries(keys)
    try fills.withCurrent(fill, among: keys) { isCurrent in
      try near.setAtOnce(
        zip(keys, entries).compactMap { key, entry in
          guard let entry, isCurrent(key) else { return nil }
          return CacheItem(key, entry.value, expiry: .after(min(nearLife, entry.remaining ?? nearLife)))
        })
    }
    return entries
  }

  /// Sets values far, then near.
  public func set(_ items: [CacheItem]) async throws {
    let last = Dictionary(items.map { ($0.key, $0) }) { _, last in last }
    try await write(Array(last.keys), keeping: { last[$0] }) { try await far.set(items) }
  }

  /// Replaces the value of a key where the far one is `expected`, in one step; nil stands for no entry.
  public func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try await write([key]) {
      try await far.exchange(key, from: expected, to: replacement, expiry: expiry)
    }
  }

  /// Deletes the entries of the keys, far and near.
  public func delete(_ keys: [CacheKey]) async throws {
    try await write(keys) { try await far.delete(keys) }
  }

  /// Adds to a far counter, in one step; the expiry is for the counter that this begins.
  ///
  /// - Throws: `typeMismatch` where the entry is no counter, `valueOutOfRange` beyond 64 bits.
  public func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    try await write([key]) { try await far.add(amount, to: key, expiry: expiry) }
  }

  /// Closes both caches.
  public func close() async {
    await near.close()
    await far.close()
  }

  /// Writes far and settles what is near: the new value where nothing else touched the key meanwhile, so that
  /// it is surely the last one, and nothing otherwise or after an error.
  private func write<Result>(
    _ keys: [CacheKey], keeping item: (CacheKey) -> CacheItem? = { _ in nil },
    _ body: () async throws -> Result
  ) async throws -> Result {
    fills.interrupt(keys)
    let fill = fills.begin(keys)
    defer { fills.end(fill, of: keys) }
    do {
      let result = try await body()
      try settle(fill, keys, keeping: item)
      return result
    } catch {
      // Whether it was written is unknown; the far cache knows.
      try? settle(fill, keys) { _ in nil }
      throw error
    }
  }

  private func settle(
    _ fill: NearFills.ID, _ keys: [CacheKey], keeping item: (CacheKey) -> CacheItem?
  ) throws {
    try fills.withCurrent(fill, among: keys, interruptingOthers: true) { isCurrent in
      try near.deleteAtOnce(keys)
      try near.setAtOnce(
        keys.compactMap { key in
          guard var item = isCurrent(key) ? item(key) : nil else { return nil }
          item.expiry = .after(min(nearLife, item.expiry.life ?? nearLife))
          return item
        })
    }
  }
}

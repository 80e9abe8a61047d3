/// An in-memory hot store for the conformance cases, and an example of a fixture.
public struct InMemoryHotStoreFixture: HotStoreFixture {
  /// The store.
  public let store: any CompleteHotStore
  private let clock: ManualClock

  /// Makes a fixture with an empty store at noon of a day.
  public init() {
    self.init { $0 }
  }

  /// Makes a fixture whose store is something around an empty in-memory one.
  public init(wrapping wrap: (InMemoryHotStore) -> any CompleteHotStore) {
    let clock = ManualClock(Day(daysSince1970: 20_454).start.adding(microseconds: 43_200_000_000))
    self.clock = clock
    store = wrap(InMemoryHotStore(now: { clock.now.timestamp }))
  }

  /// Installs the dataset; the store needs no table before.
  public func install(_ dataset: Dataset) async throws { try await store.install(dataset) }

  /// The date at which the clock stands.
  public func today() async throws -> Day { clock.now.timestamp.day }
}

/// An in-memory cold store for the conformance cases, and an example of a fixture.
public struct InMemoryColdStoreFixture: ColdStoreFixture {
  /// The store.
  public let store: any ColdStore
  private let inner: InMemoryColdStore

  /// Makes a fixture with an empty store.
  public init() {
    self.init { $0 }
  }

  /// Makes a fixture whose store is something around an empty in-memory one.
  public init(wrapping wrap: (InMemoryColdStore) -> any ColdStore) {
    inner = InMemoryColdStore()
    store = wrap(inner)
  }

  /// Adds the rows as a version.
  public func write(_ rows: ColumnBatch, as day: Day, of dataset: Dataset) async throws -> VersionRecord {
    let id = VersionID(at: day.start)
    let record = VersionRecord(
      id: id, day: day, location: "\(dataset.name)/\(day)/\(id)",
      schemaFingerprint: dataset.schemaFingerprint, snapshot: "none", exportedAt: day.next.start)
    return inner.add(record, rows: [rows])
  }
}

/// An in-memory cache for the conformance cases, and an example of a fixture.
public struct InMemoryCacheFixture: CacheFixture {
  /// The cache.
  public let cache: any Cache
  private let clock: ManualClock

  /// Makes a fixture with an empty cache.
  public init() {
    self.init { cache, _ in cache }
  }

  /// Makes a fixture whose cache is something around an empty in-memory one, with the same clock.
  public init(wrapping wrap: (InMemoryCache, ManualClock) -> any Cache) {
    clock = ManualClock(Day(daysSince1970: 20_454).start)
    cache = wrap(InMemoryCache(clock: clock), clock)
  }

  /// Moves the clock.
  public func pass(_ time: Duration) async throws { clock.advance(by: time) }
}

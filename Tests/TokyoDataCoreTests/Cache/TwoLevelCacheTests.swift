internal import Synchronization
internal import Testing
internal import TokyoDataTesting

@testable import TokyoDataCore

@Suite("A near cache before a far one")
struct TwoLevelCacheTests {
  let clock = ManualClock(Day(daysSince1970: 20_454).start)
  let far: HeldCache
  let cache: TwoLevelCache
  let key = CacheKey("a")

  init() {
    far = HeldCache(InMemoryCache(clock: clock))
    cache = TwoLevelCache(near: InMemoryCache(clock: clock), far: far, nearLife: .seconds(10))
  }

  @Test("what was read or set is then answered near")
  func answersNear() async throws {
    try await far.inner.set(key, to: [1], expiry: .never)
    for _ in 0..<3 { #expect(try await cache.get(key) == [1]) }
    #expect(far.reads.withLock { $0 } == 1)
    try await cache.set(key, to: [2], expiry: .never)
    for _ in 0..<3 { #expect(try await cache.get(key) == [2]) }
    #expect(far.reads.withLock { $0 } == 1)
  }

  @Test("only what is not near is asked for far")
  func asksForTheRest() async throws {
    let keys = (0..<4).map { CacheKey("k\($0)") }
    try await cache.set(CacheItem(keys[1], [1], expiry: .never).asBatch)
    try await far.inner.set(CacheItem(keys[3], [3], expiry: .never).asBatch)
    #expect(try await cache.get(keys) == [nil, [1], nil, [3]])
    #expect(far.keys.withLock { $0 } == [keys[0], keys[2], keys[3]])
  }

  @Test("what another process wrote is seen when the near life is over")
  func nearLifeEnds() async throws {
    try await cache.set(key, to: [1], expiry: .never)
    try await far.inner.set(key, to: [2], expiry: .never)
    clock.advance(by: .milliseconds(9_999))
    #expect(try await cache.get(key) == [1])
    clock.advance(by: .milliseconds(1))
    #expect(try await cache.get(key) == [2])
  }

  @Test("nothing stays near longer than it lives far, whether it was set or read")
  func nearEndsWithFar() async throws {
    let other = CacheKey("b")
    try await cache.set(key, to: [1], expiry: .after(.seconds(4)))
    try await far.inner.set(other, to: [2], expiry: .after(.seconds(4)))
    clock.advance(by: .seconds(3))
    #expect(try await cache.get([key, other]) == [[1], [2]])
    clock.advance(by: .seconds(1))
    #expect(try await cache.get([key, other]) == [nil, nil])
  }

  @Test("counters and exchanges drop what is near")
  func dropsNear() async throws {
    try await cache.set(key, to: Array("5".utf8), expiry: .never)
    #expect(try await cache.add(2, to: key, expiry: .never) == 7)
    #expect(try await cache.get(key) == Array("7".utf8))
    #expect(try await cache.compareAndSet(key, expecting: Array("7".utf8), to: [1], expiry: .never))
    #expect(try await cache.get(key) == [1])
    try await cache.delete(key)
    #expect(try await cache.get(key) == nil)
  }

  @Test("a reader that found an old value far does not put it near after a write", arguments: Write.allCases)
  func readerComesLate(_ write: Write) async throws {
    try await far.inner.set(key, to: Array("1".utf8), expiry: .never)
    let hold = far.holdNextRead()
    async let late = cache.get(key)
    try await hold.isReached.wait()
    let expected = try await write.perform(cache, key)
    hold.release.open()
    #expect(try await late == Array("1".utf8))
    #expect(try await cache.get(key) == expected)
  }

  enum Write: CaseIterable {
    case set, delete, exchange, add

    func perform(_ cache: any Cache, _ key: CacheKey) async throws -> [UInt8]? {
      switch self {
      case .set: try await cache.set(key, to: [9], expiry: .never)
      case .delete: try await cache.delete(key)
      case .exchange:
        _ = try await cache.compareAndSet(key, expecting: Array("1".utf8), to: [9], expiry: .never)
      case .add: _ = try await cache.add(1, to: key, expiry: .never)
      }
      return switch self {
      case .set, .exchange: [9]
      case .delete: nil
      case .add: Array("2".utf8)
      }
    }
  }

  @Test("of two writes at once neither stays near unless it is surely the last")
  func overlappingWrites() async throws {
    let hold = far.holdNextWrite()
    async let first: Void = cache.set(key, to: [1], expiry: .never)
    try await hold.isReached.wait()
    // The first is on its way; that it comes after the second is what near cannot know.
    try await cache.set(key, to: [2], expiry: .never)
    hold.release.open()
    try await first
    #expect(try await cache.get(key) == (try await far.inner.get(key)))
    #expect(try await far.inner.get(key) == [1])
  }

  @Test("after a write that failed or was canceled the far cache is asked", arguments: [false, true])
  func failedWrite(_ isCanceled: Bool) async throws {
    try await cache.set(key, to: [1], expiry: .never)
    far.failsAfterWriting.withLock {
      $0 = isCanceled ? CancellationError() : TokyoDataError(.timeout, "late")
    }
    let task = Task {
      if isCanceled { withUnsafeCurrentTask { $0?.cancel() } }
      try await cache.set(key, to: [2], expiry: .never)
    }
    await #expect(throws: (any Error).self) { try await task.value }
    #expect(try await cache.get(key) == [2])
  }
}

extension CacheItem {
  fileprivate var asBatch: [CacheItem] { [self] }
}

/// A cache that counts reads, holds one call where a test wants it, and fails after writing.
final class HeldCache: ForwardingCache {
  struct Hold: Sendable {
    let isReached = Gate()
    let release = Gate()
  }

  let name = "held"
  let inner: InMemoryCache
  let reads = Mutex(0)
  let keys = Mutex<[CacheKey]>([])
  let failsAfterWriting = Mutex<(any Error)?>(nil)
  private let readHold = Mutex<Hold?>(nil)
  private let writeHold = Mutex<Hold?>(nil)

  init(_ inner: InMemoryCache) { self.inner = inner }

  /// The next read waits with what it found.
  func holdNextRead() -> Hold { Self.hold(readHold) }

  /// The next write waits before it is done.
  func holdNextWrite() -> Hold { Self.hold(writeHold) }

  private static func hold(_ place: borrowing Mutex<Hold?>) -> Hold {
    let hold = Hold()
    place.withLock { $0 = hold }
    return hold
  }

  private static func pass(_ place: borrowing Mutex<Hold?>) async throws {
    guard
      let hold = place.withLock({ hold in
        defer { hold = nil }; return hold
      })
    else { return }
    hold.isReached.open()
    try await hold.release.wait()
  }

  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    try await getEntries(keys).map { $0?.value }
  }

  func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    reads.withLock { $0 += 1 }
    self.keys.withLock { $0 += keys }
    let entries = try await inner.getEntries(keys)
    try await Self.pass(readHold)
    return entries
  }

  func set(_ items: [CacheItem]) async throws {
    try await Self.pass(writeHold)
    if let error = failsAfterWriting.withLock({ $0 }) {
      try inner.setAtOnce(items)
      throw error
    }
    try await inner.set(items)
  }
}

import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Cached credentials", .timeLimit(.minutes(1)))
struct CachedCredentialsTests {
  /// Hands out keys 1, 2, 3…, each good for an hour, and lets a test hold a request up or make it fail.
  private final class Source: AWSCredentialProvider {
    let name = "source"
    let clock: ManualClock
    let life: Int64
    private let calls = Mutex(0)
    private let step: @Sendable (Int) async throws -> Void

    init(
      _ clock: ManualClock, minutes: Int64 = 60,
      _ step: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) {
      self.clock = clock
      self.step = step
      life = minutes * 60_000_000
    }

    var count: Int { calls.withLock { $0 } }

    func credentials() async throws -> AWSCredentials {
      let number = calls.withLock { calls in
        calls += 1
        return calls
      }
      try await step(number)
      return AWSCredentials(
        accessKeyID: "key\(number)", secretAccessKey: "secret",
        expiration: clock.now.timestamp.adding(microseconds: life))
    }
  }

  private let clock = ManualClock(CredentialHome.now)

  private func cache(_ source: any AWSCredentialProvider) -> CachedCredentials {
    CachedCredentials(source) { [clock] in clock.now.timestamp }
  }

  /// Lets other tasks run until something is so.
  private func until(_ condition: () async -> Bool) async { while await !condition() { await Task.yield() } }

  @Test("Many callers share one refresh, and later ones are served without any")
  func singleFlight() async throws {
    let gate = Gate()
    let source = Source(clock) { _ in try await gate.wait() }
    let cache = cache(source)
    let keys = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<100 { group.addTask { try await cache.credentials().accessKeyID } }
      await until { source.count == 1 && cache.waiting == 100 }
      gate.open()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(keys == Array(repeating: "key1", count: 100))
    #expect(try await cache.credentials().accessKeyID == "key1")
    #expect(source.count == 1)
  }

  @Test("Fifteen minutes before their end the old ones serve while new ones come; ten before, callers wait")
  func windows() async throws {
    let gates = [Gate(), Gate(), Gate()]
    gates[0].open()
    let source = Source(clock) { try await gates[$0 - 1].wait() }
    let cache = cache(source)
    #expect(try await cache.credentials().accessKeyID == "key1")

    clock.advance(by: .seconds(45 * 60 - 1))
    #expect(try await cache.credentials().accessKeyID == "key1")
    #expect(source.count == 1)
    clock.advance(by: .seconds(1))
    #expect(try await cache.credentials().accessKeyID == "key1")
    await until { source.count == 2 }
    #expect(try await cache.credentials().accessKeyID == "key1")

    clock.advance(by: .seconds(5 * 60))
    async let waiting = cache.credentials().accessKeyID
    await until { cache.waiting == 1 }
    gates[1].open()
    #expect(try await waiting == "key2")
    #expect(source.count == 2)
  }

  @Test("Windows are a part of a short life, and never longer than fifteen and ten minutes")
  func lengths() throws {
    for (minutes, advisory, mandatory) in [(360, 15, 10), (60, 15, 10), (30, 7.5, 5), (12, 3, 2), (0, 0, 0)] {
      let now = clock.now.timestamp
      let end = now.adding(microseconds: Int64(minutes) * 60_000_000)
      let keys = AWSCredentials(accessKeyID: "id", secretAccessKey: "s", expiration: end)
      let window = try #require(RefreshWindow(keys, obtained: now))
      #expect(window.advisory.microseconds(until: end) == Int64(advisory * 60_000_000))
      #expect(window.mandatory.microseconds(until: end) == Int64(mandatory * 60_000_000))
    }
  }

  @Test("Keys that live for a quarter of an hour are not asked for with every request")
  func shortLives() async throws {
    let source = Source(clock, minutes: 15)
    let cache = cache(source)
    for _ in 0..<10 {
      #expect(try await cache.credentials().accessKeyID == "key1")
      clock.advance(by: .seconds(60))
    }
    #expect(source.count == 1)
  }

  @Test("A caller that is canceled leaves alone, and the refresh goes on for the others")
  func cancellation() async throws {
    let gate = Gate()
    let source = Source(clock) { _ in try await gate.wait() }
    let cache = cache(source)
    let first = Task { try await cache.credentials().accessKeyID }
    await until { cache.waiting == 1 }
    let second = Task { try await cache.credentials().accessKeyID }
    await until { cache.waiting == 2 }
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(cache.waiting == 1)
    gate.open()
    #expect(try await second.value == "key1")
    #expect(source.count == 1)
  }

  @Test("The keys arrive though everybody who waited has left")
  func abandoned() async throws {
    let gate = Gate()
    let source = Source(clock) { _ in try await gate.wait() }
    let cache = cache(source)
    let only = Task { try await cache.credentials() }
    await until { cache.waiting == 1 }
    only.cancel()
    await #expect(throws: CancellationError.self) { try await only.value }
    gate.open()
    #expect(try await cache.credentials().accessKeyID == "key1")
    #expect(source.count == 1)
  }

  @Test("A caller that was canceled before it asks does not wait, and starts nothing")
  func canceledBefore() async throws {
    let source = Source(clock)
    let cache = cache(source)
    let gate = Gate()
    let task = Task {
      try? await gate.wait()
      return try await cache.credentials()
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(source.count == 0)
  }

  @Test("A refresh that fails is tried again by the next caller")
  func failure() async throws {
    let source = Source(clock) { number in
      if number < 3 { throw AWSCredentialError("source", "out of order") }
    }
    let cache = cache(source)
    for _ in 0..<2 {
      await #expect(throws: AWSCredentialError("source", "out of order")) { try await cache.credentials() }
    }
    #expect(try await cache.credentials().accessKeyID == "key3")
  }

  @Test("While refreshes fail the old keys serve until they end, and not beyond")
  func outage() async throws {
    let source = Source(clock) { number in
      if number > 1 { throw AWSCredentialError("source", "out of order") }
    }
    let cache = cache(source)
    _ = try await cache.credentials()
    clock.advance(by: .seconds(46 * 60))
    _ = try await cache.credentials()
    await until { source.count == 2 && !cache.isRefreshing }
    // Ahead of need nobody is asked again at once.
    _ = try await cache.credentials()
    #expect(!cache.isRefreshing && source.count == 2)
    clock.advance(by: .seconds(11))
    _ = try await cache.credentials()
    await until { source.count == 3 && !cache.isRefreshing }

    clock.advance(by: .seconds(8 * 60))
    #expect(try await cache.credentials().accessKeyID == "key1")
    #expect(source.count == 4)
    clock.advance(by: .seconds(6 * 60))
    await #expect(throws: AWSCredentialError("source", "out of order")) { try await cache.credentials() }
  }

  @Test("Keys that a service calls expired are replaced once, however many callers say so")
  func forced() async throws {
    let source = Source(clock)
    let cache = cache(source)
    let stale = try await cache.credentials()
    let keys = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try await cache.refresh(after: stale).accessKeyID } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(keys == ["key2"])
    #expect(source.count == 2)
    #expect(try await cache.credentials().accessKeyID == "key2")
  }

  @Test("Keys that come ended already are refused, and those that never end are asked for once")
  func ends() async throws {
    let ended = cache(Source(clock, minutes: 0))
    await #expect(throws: AWSCredentialError.self) { try await ended.credentials() }
    let lasting = cache(StaticCredentials(accessKeyID: "id", secretAccessKey: "secret"))
    _ = try await lasting.credentials()
    clock.advance(by: .seconds(1 << 40))
    #expect(try await lasting.credentials().accessKeyID == "id")
  }
}

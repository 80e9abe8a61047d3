import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("Answers that may be as old as their queries say", .timeLimit(.minutes(10)))
struct AnswerCacheTests {
  /// A world with hot rows of today, and a router whose snapshots are counted.
  struct Bench {
    let world: CachedWorld
    let hot: InterposedHotStore
    let router: Router

    init(
      beforeCall: @escaping @Sendable (InterposedCache.Call) async throws -> Void = { _ in },
      afterSnapshot: @escaping @Sendable (Int) async throws -> Void = { _ in }
    ) async throws {
      world = try await CachedWorld(beforeCall: beforeCall)
      hot = InterposedHotStore(world.world.hot, afterSnapshot: afterSnapshot)
      router = Router(
        hot: hot, cold: world.cold, cache: world.cache,
        caching: ResultCaching(callLimit: FailingCacheTests.limit, clock: world.clock))
    }

    var snapshots: Int { hot.log.withLock { $0.snapshots } }

    func write(_ amount: Int64) async throws {
      try await world.world.write([Sales.row(9000, Sales.day(20), amount: amount)])
    }
  }

  static func query(_ maximumAge: Duration?) throws -> Query {
    try Sales.query.time(in: Sales.days(20...20)).group(by: .column("id")).select(.max("amount"))
      .needing(QueryNeeds(maximumAge: maximumAge))
  }

  @Test("an answer is given again, marked and with its age, until it is too old")
  func givenAgain() async throws {
    let bench = try await Bench()
    try await bench.write(1)
    let first = try await bench.router.fetch(try Self.query(.seconds(30)))
    #expect(first.cache.outcome == .bypass)
    try await bench.write(2)
    bench.world.clock.advance(by: .seconds(10))
    let again = try await bench.router.fetch(try Self.query(.seconds(30)))
    #expect(again.cache == CacheUse(.stale, age: .seconds(10)))
    #expect(again.batch.rows == first.batch.rows)
    #expect(again.asOf == first.asOf)
    #expect(again.plan == first.plan)
    #expect(again.read == ReadCounts())
    #expect(bench.snapshots == 1)
    bench.world.clock.advance(by: .seconds(20))
    let later = try await bench.router.fetch(try Self.query(.seconds(30)))
    #expect(later.cache.outcome == .bypass)
    #expect(later.batch.rows != first.batch.rows)
    #expect(bench.snapshots == 2)
  }

  @Test("who allows less age, or none, gets a new answer")
  func lessAge() async throws {
    let bench = try await Bench()
    try await bench.write(1)
    _ = try await bench.router.fetch(try Self.query(.seconds(30)))
    bench.world.clock.advance(by: .seconds(10))
    #expect(try await bench.router.fetch(try Self.query(nil)).cache.outcome == .bypass)
    #expect(try await bench.router.fetch(try Self.query(.zero)).cache.outcome == .bypass)
    #expect(try await bench.router.fetch(try Self.query(.seconds(10))).cache.outcome == .bypass)
    #expect(bench.snapshots == 4)
    // The last one was kept in place of the first: for ten seconds only.
    bench.world.clock.advance(by: .seconds(9))
    #expect(
      try await bench.router.fetch(try Self.query(.seconds(30))).cache == CacheUse(.stale, age: .seconds(9)))
    bench.world.clock.advance(by: .seconds(1))
    #expect(try await bench.router.fetch(try Self.query(.seconds(30))).cache.outcome == .bypass)
  }

  @Test("a query without the cache neither takes an answer nor leaves one")
  func withoutCache() async throws {
    let bench = try await Bench()
    try await bench.write(1)
    var query = try Self.query(.seconds(30))
    query.needs.usesCache = false
    _ = try await bench.router.fetch(query)
    #expect(bench.world.cache.calls.withLock { $0 } == [])
  }

  @Test("other questions, needs and ledgers have other answers")
  func keys() throws {
    let query = try Self.query(.seconds(30))
    var partial = query
    partial.needs.acceptPartial = true
    var younger = query
    younger.needs.maximumAge = .seconds(1)
    let (ledger, other) = (LedgerID("a"), LedgerID("b"))
    let keys = [
      try AnswerKey.key(of: query, in: ledger), try AnswerKey.key(of: query, in: other),
      try AnswerKey.key(of: partial, in: ledger), try AnswerKey.key(of: query.limit(3), in: ledger),
      try AnswerKey.key(of: query.filter(.column("region", .equal, "north")), in: ledger),
      try AnswerKey.key(of: query.filter(.column("region", .equal, "North")), in: ledger),
    ]
    #expect(Set(keys).count == keys.count)
    #expect(try AnswerKey.key(of: younger, in: ledger) == keys[0])
  }

  @Test("many who ask at once take one snapshot, and those who waited say so")
  func singleFlight() async throws {
    let gate = Gate()
    let bench = try await Bench(afterSnapshot: { _ in try await gate.wait() })
    try await bench.write(1)
    let query = try Self.query(.seconds(30))
    try await StepExecutor.with { executor in
      let tasks = (0..<100).map { _ in executor.task { try await bench.router.fetch(query) } }
      try await executor.idle()
      gate.open()
      var outcomes: [CacheUse.Outcome] = []
      for task in tasks { outcomes.append(try await task.value.cache.outcome) }
      #expect(outcomes.filter { $0 == .bypass }.count == 1)
      #expect(outcomes.filter { $0 == .stale }.count == 99)
    }
    #expect(bench.snapshots == 1)
  }

  @Test("who waited for an answer that took longer than it may be old asks itself")
  func sharedTooLate() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let bench = try await Bench(afterSnapshot: { number in
      guard number == 1 else { return }
      isReading.open()
      try await gate.wait()
    })
    try await bench.write(1)
    try await StepExecutor.with { executor in
      let first = Task { try await bench.router.fetch(try Self.query(.seconds(30))) }
      try await isReading.wait()
      let second = executor.task { try await bench.router.fetch(try Self.query(.seconds(1))) }
      try await executor.idle()
      bench.world.clock.advance(by: .milliseconds(1001))
      gate.open()
      #expect(try await first.value.cache.outcome == .bypass)
      #expect(try await second.value.cache.outcome == .bypass)
    }
    #expect(bench.snapshots == 2)
  }

  @Test("an error is shared by those who wait, and not kept")
  func errors() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let bench = try await Bench(afterSnapshot: { number in
      guard number == 1 else { return }
      isReading.open()
      try await gate.wait()
      throw TokyoDataError(.busy, "a test's")
    })
    try await bench.write(1)
    let query = try Self.query(.seconds(30))
    try await StepExecutor.with { executor in
      let first = Task { try await bench.router.fetch(query) }
      try await isReading.wait()
      let second = executor.task { try await bench.router.fetch(query) }
      try await executor.idle()
      gate.open()
      for task in [first, second] { await #expect(throws: TokyoDataError.self) { try await task.value } }
    }
    #expect(bench.snapshots == 1)
    #expect(try await bench.router.fetch(query).cache.outcome == .bypass)
  }

  @Test("when the one who asks is canceled, one of those who wait asks")
  func canceled() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let bench = try await Bench(afterSnapshot: { number in
      guard number == 1 else { return }
      isReading.open()
      try await gate.wait()
    })
    try await bench.write(1)
    let query = try Self.query(.seconds(30))
    try await StepExecutor.with { executor in
      let first = Task { try await bench.router.fetch(query) }
      try await isReading.wait()
      let others = (0..<5).map { _ in executor.task { try await bench.router.fetch(query) } }
      try await executor.idle()
      first.cancel()
      await #expect(throws: CancellationError.self) { try await first.value }
      for other in others { #expect(try await other.value.batch.rowCount == 1) }
    }
    #expect(bench.snapshots == 2)
  }

  @Test("a partial answer is not kept")
  func partial() async throws {
    let bench = try await Bench()
    let router = Router(
      hot: bench.hot, cache: bench.world.cache, caching: ResultCaching(clock: bench.world.clock))
    let query = try CachedWorld.sums(0...3).needing(
      QueryNeeds(acceptPartial: true, maximumAge: .seconds(30)))
    for _ in 0..<2 { #expect(try await router.fetch(query).isPartial) }
    #expect(bench.snapshots == 2)
  }

  @Test("a cache that throws costs a new answer, and one that hangs its limit", arguments: [false, true])
  func failing(hangs: Bool) async throws {
    let isCalled = [Gate(), Gate()]
    let count = Tally()
    let bench = try await Bench(beforeCall: { _ in
      guard hangs else { throw TokyoDataError(.unavailable, "a test's") }
      isCalled[count.next() - 1].open()
      try await Gate().wait()
    })
    try await bench.write(1)
    let task = Task { try await bench.router.fetch(try Self.query(.seconds(30))) }
    for call in isCalled where hangs {
      try await call.wait()
      try await bench.world.clock.waitForSleepers(within: FailingCacheTests.limit)
      bench.world.clock.advance(by: FailingCacheTests.limit)
    }
    #expect(try await task.value.batch.rowCount == 1)
    #expect(bench.snapshots == 1)
  }

  @Test("damaged bytes, and those of something else, are not an answer")
  func damaged() async throws {
    let bench = try await Bench()
    try await bench.write(1)
    let query = try Self.query(.seconds(30))
    _ = try await bench.router.fetch(query)
    let (key, item) = try #require(bench.world.cache.items.withLock { $0 }.first)
    var values: [[UInt8]] = item.value.indices.map { index in
      var value = item.value
      value[index] ^= 0x41
      return value
    }
    values += [[], Array(repeating: 255, count: 8), item.value.dropLast(), item.value + [0]]
    let coding = CacheCoding(compressor: SnappyCompressor())
    for value in values { #expect(KeptAnswer(value, coding) == nil) }
    try await bench.world.cache.inner.set(key, to: values[3], expiry: .after(.seconds(30)))
    #expect(try await bench.router.fetch(query).cache.outcome == .bypass)
    // Without an end to its life nothing is known of its age.
    try await bench.world.cache.inner.set(key, to: item.value, expiry: .never)
    #expect(try await bench.router.fetch(query).cache.outcome == .bypass)
    #expect(bench.snapshots == 3)
  }

  @Test("what takes long is asked for anew before its life is over")
  func earlyRefresh() async throws {
    let slowness = Mutex(Duration.zero)
    let clock = Mutex<ManualClock?>(nil)
    let bench = try await Bench(afterSnapshot: { _ in
      clock.withLock { $0 }?.advance(by: slowness.withLock { $0 })
    })
    clock.withLock { $0 = bench.world.clock }
    try await bench.write(1)
    let query = try Self.query(.seconds(1000))
    // It took so long that the chance that it is not due is 1 in 10^9.
    slowness.withLock { $0 = .seconds(999) }
    _ = try await bench.router.fetch(query)
    slowness.withLock { $0 = .zero }
    bench.world.clock.advance(by: .microseconds(999_999))
    #expect(try await bench.router.fetch(query).cache.outcome == .bypass)
    #expect(try await bench.router.fetch(query).cache.outcome == .stale)
    #expect(bench.snapshots == 2)
  }

  @Test(
    "the chance of an early refresh grows towards the end, and with what the question takes",
    arguments: [
      // left, took, chance, due
      (1.0, 1.0, 0.36, true), (1.0, 1.0, 0.37, false), (10.0, 1.0, 0.00004, true),
      (10.0, 1.0, 0.00005, false),
      (10.0, 100.0, 0.9, true), (0.0, 1.0, 0.5, true), (1.0, 0.0, 0.001, false), (0.0, 0.0, 1.0, true),
    ])
  func chances(_ left: Double, _ took: Double, _ chance: Double, _ due: Bool) {
    #expect(EarlyRefresh.isDue(left: .seconds(left), took: .seconds(took), chance: chance) == due)
  }
}

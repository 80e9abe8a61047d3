import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("What many need at once is read once", .timeLimit(.minutes(10)))
struct SingleFlightTests {
  @Test("1,000 concurrent misses of one key call the cold store once, and all get the answer")
  func thousandMisses() async throws {
    let gate = Gate()
    let world = try await CachedWorld(beforeRead: { try await gate.wait() })
    let query = try CachedWorld.sums(3...3)
    let started = Tally()
    let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
      for _ in 0..<1000 {
        group.addTask {
          if started.next() == 1000 { gate.open() }
          return try await world.router.fetch(query)
        }
      }
      return try await group.reduce(into: [Answer]()) { $0.append($1) }
    }
    #expect(world.reads == [1])
    let expected = try await world.expected(query)
    #expect(answers.allSatisfy { $0.batch.rows == expected })
    #expect(answers.filter { $0.read.coldBytes > 0 }.count == 1)
  }

  @Test("queries over windows that overlap read each day once")
  func overlappingWindows() async throws {
    let (gate, count) = (Gate(), Tally())
    let begun = [Gate(), Gate()]
    let world = try await CachedWorld(beforeRead: {
      begun[count.next() - 1].open()
      try await gate.wait()
    })
    async let first = world.router.fetch(try CachedWorld.sums(0...5))
    try await begun[0].wait()
    async let second = world.router.fetch(try CachedWorld.sums(2...8))
    try await begun[1].wait()
    gate.open()
    #expect(try await first.cache.misses == 6)
    let answer = try await second
    #expect(answer.batch.rows == (try await world.expected(try CachedWorld.sums(2...8))))
    #expect(world.reads == [6, 3])
  }

  @Test("those who wait share the error of the one who reads")
  func sharedError() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let world = try await CachedWorld(beforeRead: {
      isReading.open()
      try await gate.wait()
      throw TokyoDataError(.budgetExceeded, "a test's")
    })
    let query = try CachedWorld.sums(0...1)
    let first = Task { try await world.router.fetch(query) }
    try await isReading.wait()
    try await StepExecutor.with { executor in
      let others = (0..<2).map { _ in executor.task { try await world.router.fetch(query) } }
      try await executor.idle()
      gate.open()
      for task in [first] + others { await #expect(throws: TokyoDataError.self) { try await task.value } }
    }
    #expect(world.reads == [2])
  }

  @Test("when the one who reads is canceled, one of those who wait reads")
  func canceledLeader() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let world = try await CachedWorld(beforeRead: {
      isReading.open()
      try await gate.wait()
    })
    let query = try CachedWorld.sums(0...1)
    let first = Task { try await world.router.fetch(query) }
    try await isReading.wait()
    let expected = try await world.expected(query)
    try await StepExecutor.with { executor in
      let others = (0..<5).map { _ in executor.task { try await world.router.fetch(query) } }
      try await executor.idle()
      first.cancel()
      await #expect(throws: CancellationError.self) { try await first.value }
      gate.open()
      for other in others { #expect(try await other.value.batch.rows == expected) }
    }
    #expect(world.reads == [2, 2])
  }

  @Test("one who waits and is canceled cancels nobody else")
  func canceledFollower() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let world = try await CachedWorld(beforeRead: {
      isReading.open()
      try await gate.wait()
    })
    let query = try CachedWorld.sums(0...1)
    let first = Task { try await world.router.fetch(query) }
    try await isReading.wait()
    try await StepExecutor.with { executor in
      let second = executor.task { try await world.router.fetch(query) }
      try await executor.idle()
      second.cancel()
      await #expect(throws: CancellationError.self) { try await second.value }
    }
    gate.open()
    #expect(try await first.value.cache == CacheUse(.miss, misses: 2))
    #expect(world.reads == [2])
  }

  @Test("another process waits for the one that reads, and takes what it kept")
  func otherProcess() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let world = try await CachedWorld(beforeRead: {
      isReading.open()
      try await gate.wait()
    })
    let query = try CachedWorld.sums(0...3)
    async let first = world.router.fetch(query)
    try await isReading.wait()
    let other = world.otherProcess()
    let second = Task { try await other.fetch(query) }
    // It got no lock, so it pauses.
    try await world.clock.waitForSleepers(within: CachedWorld.longestPause)
    gate.open()
    _ = try await first
    world.clock.advance(by: CachedWorld.longestPause)
    let answer = try await second.value
    #expect(answer.cache == CacheUse(.hit, hits: 4))
    #expect(answer.batch.rows == (try await world.expected(query)))
    #expect(world.reads == [4])
    #expect(world.cache.inner.count == 4, "a lock was not given up")
  }

  @Test("a process that has waited long enough reads itself")
  func waitIsBounded() async throws {
    let (isReading, gate) = (Gate(), Gate())
    let count = Tally()
    let world = try await CachedWorld(beforeRead: {
      // Only the first read hangs.
      guard count.next() == 1 else { return }
      isReading.open()
      try await gate.wait()
    })
    let query = try CachedWorld.sums(0...3)
    async let first = world.router.fetch(query)
    try await isReading.wait()
    // A pause takes half a second to three quarters: two of them are enough.
    let other = world.otherProcess(
      ResultCaching(
        callLimit: .seconds(3600), waitLimit: .seconds(1), pollInterval: .milliseconds(500),
        lockLife: .seconds(3600)))
    let second = Task { try await other.fetch(query) }
    for _ in 0..<2 {
      try await world.clock.waitForSleepers(within: .milliseconds(750))
      world.clock.advance(by: .milliseconds(750))
    }
    #expect(try await second.value.cache == CacheUse(.miss, misses: 4))
    gate.open()
    _ = try await first
    #expect(world.reads == [4, 4])
  }

  @Test("the lock of a process that died ends with its life")
  func deadProcess() async throws {
    let world = try await CachedWorld()
    let query = try CachedWorld.sums(0...3)
    // What a process leaves that dies while it reads: a lock for all keys of the query.
    let keys = try await Self.keys(of: query, in: world)
    _ = try await world.cache.inner.setIfAbsent(
      PieceKeys.lock(keys), to: [1, 2, 3], expiry: .after(.seconds(2)))
    let task = Task { try await world.router.fetch(query) }
    try await world.clock.waitForSleepers(within: CachedWorld.longestPause)
    world.clock.advance(by: .seconds(2))
    #expect(try await task.value.cache == CacheUse(.miss, misses: 4))
  }

  private static func keys(of query: Query, in world: CachedWorld) async throws -> [CacheKey] {
    let coverage = try await world.world.hot.coverage(of: Sales.name)
    let keys = try PieceKeys(
      ResolvedQuery(query, for: Sales.dataset), of: await world.world.hot.ledgerID())
    return coverage.days.values.filter { query.timeRange.touches($0.day) }.sorted { $0.day < $1.day }
      .compactMap { coverage.version(of: $0.day) }.map { keys.key(of: PinnedVersion($0)) }
  }
}

import Logging
import MetricsTestKit
import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataPostgres

/// A pool of connections to a fake server, whose clock stands still until it is moved.
struct FakePool {
  typealias Pool = ConnectionPool<FakeServer.Connection>

  let server: FakeServer
  let clock = ManualClock(.init(microsecondsSince1970: 0))
  let metrics = TestMetrics()
  let pool: Pool

  init(
    _ maximum: Int, gate: Gate? = nil, logger: Logger = .silent,
    _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
  ) {
    let server = FakeServer(gate: gate)
    var configuration = PostgresPoolConfiguration(maximumConnections: maximum)
    configuration.lifetimeJitter = 0
    change(&configuration)
    self.server = server
    pool = Pool(
      configuration, clock: clock, metrics: PoolMetrics(configuration, factory: metrics), logger: logger,
      seed: 7, open: { try await server.connect() })
  }

  /// A task that has a connection, and keeps it until the gate opens.
  func lent(until gate: Gate) async throws -> Task<Void, any Error> {
    let begun = Gate()
    let task = Task { [pool] in
      try await pool.withConnection { _ in
        begun.open()
        try await gate.wait()
      }
    }
    try await begun.wait()
    return task
  }

  /// A task that has its place in line.
  func waiter(_ body: @escaping @Sendable () -> Void = {}) async throws -> Task<Void, any Error> {
    let before = pool.counts.waiting
    let task = Task { [pool] in try await pool.withConnection { _ in body() } }
    try await until { pool.counts.waiting > before }
    return task
  }
}

@Suite("A pool's shell", .timeLimit(.minutes(1)))
struct ConnectionPoolShellTests {
  @Test("serves in the order of the requests; canceling one takes out only that one")
  func order() async throws {
    let fake = FakePool(1)
    let served = Mutex<[Int]>([])
    var waiters: [Task<Void, any Error>] = []
    try await fake.pool.withConnection { _ in
      for number in 0..<10 {
        waiters.append(try await fake.waiter { served.withLock { $0.append(number) } })
      }
      waiters[4].cancel()
      await #expect(throws: CancellationError.self) { try await waiters[4].value }
    }
    for (number, waiter) in waiters.enumerated() where number != 4 { try await waiter.value }
    #expect(served.withLock { $0 } == [0, 1, 2, 3, 5, 6, 7, 8, 9])
    #expect(fake.server.attempts == 1)
    await fake.pool.close()
    #expect(fake.server.open == 0)
  }

  @Test("a lease times out when the clock says so, and its place is free")
  func timeout() async throws {
    let fake = FakePool(1) { $0.leaseTimeout = .seconds(5) }
    try await fake.pool.withConnection { _ in
      let waiter = try await fake.waiter()
      fake.clock.advance(by: .seconds(5))
      #expect(await code { try await waiter.value } == .poolExhausted)
      #expect(fake.pool.counts.waiting == 0)
    }
    let dimensions = [(MetricDimension.poolName.rawValue, "postgres")]
    #expect(try fake.metrics.expectCounter(MetricName.timeouts.rawValue, dimensions).totalValue == 1)
  }

  @Test("who finds the line too long is turned away at once")
  func backPressure() async throws {
    let fake = FakePool(1) { $0.maximumWaiters = 2 }
    try await fake.pool.withConnection { _ in
      let waiters = [try await fake.waiter(), try await fake.waiter()]
      #expect(await code { try await fake.pool.withConnection { _ in } } == .tooManyWaiters)
      for waiter in waiters { waiter.cancel() }
    }
  }

  @Test("while the server is away, waiters stay in line and one attempt is made at a time")
  func outage() async throws {
    let fake = FakePool(4) { $0.leaseTimeout = .seconds(60) }
    try await fake.pool.withConnection { $0.spoil() }
    fake.server.setReachable(false)
    var waiters: [Task<Void, any Error>] = []
    for _ in 0..<20 { waiters.append(try await fake.waiter()) }
    // One for the connection that was spoiled, one for each that the first waiters caused.
    try await until { fake.pool.state.withLock { $0.pool.opening == 0 && $0.pool.failures == 1 } }
    let before = fake.server.attempts
    #expect(before <= 5)
    for failures in 2...5 {
      fake.clock.advance(by: .seconds(5))
      try await until { fake.pool.state.withLock { $0.pool.opening == 0 && $0.pool.failures == failures } }
    }
    #expect(fake.server.attempts == before + 4)
    #expect(fake.pool.counts.waiting == 20)
    fake.server.setReachable(true)
    fake.clock.advance(by: .seconds(5))
    for waiter in waiters { try await waiter.value }
    #expect(fake.server.state.withLock { $0.mostOpen } <= 4)
    await fake.pool.close()
  }

  @Test("a pool that never reached its server says so at once, also without a timeout")
  func neverReached() async throws {
    let fake = FakePool(1)
    fake.server.setReachable(false)
    #expect(await code { try await fake.pool.withConnection { _ in } } == .connectionFailed)
    let second = try await fake.waiter()
    fake.clock.advance(by: .seconds(1))
    #expect(await code { try await second.value } == .connectionFailed)
  }

  @Test("canceling who asked for a connection does not cancel its opening")
  func canceledOpening() async throws {
    let gate = Gate()
    let fake = FakePool(1, gate: gate)
    let first = try await fake.waiter()
    try await until { fake.server.attempts == 1 }
    first.cancel()
    await #expect(throws: CancellationError.self) { try await first.value }
    let second = try await fake.waiter()
    gate.open()
    try await second.value
    #expect(fake.server.attempts == 1)
  }

  @Test("a connection that died while idle is replaced before it is lent, unasked or asked")
  func dead() async throws {
    let fake = FakePool(1) { $0.healthCheckAfter = .seconds(30) }
    for pause in [Duration.milliseconds(5), .seconds(30)] {
      let first = try await fake.pool.withConnection { $0 }
      first.kill()
      fake.clock.advance(by: pause)
      let second = try await fake.pool.withConnection { $0 }
      #expect(second !== first)
      #expect(!first.isOpen)
    }
    #expect(fake.server.state.withLock { $0.checks } == 1)
    let dimensions = [
      (MetricDimension.poolName.rawValue, "postgres"), (MetricDimension.reason.rawValue, "unhealthy"),
    ]
    #expect(try fake.metrics.expectCounter(MetricName.closed.rawValue, dimensions).totalValue == 2)
  }

  @Test("kept, it opens the minimum, checks and closes what is idle as the clock goes on")
  func kept() async throws {
    let fake = FakePool(3) {
      $0.minimumConnections = 1
      $0.healthCheckAfter = .seconds(30)
      $0.idleLimit = .seconds(50)
    }
    await fake.pool.keep()
    try await until { fake.pool.counts.idle == 1 }
    try await fake.pool.withConnection { _ in try await fake.pool.withConnection { _ in } }
    #expect(fake.server.open == 2)
    fake.clock.advance(by: .seconds(30))
    try await until { fake.server.state.withLock { $0.checks } == 2 && fake.pool.counts.idle == 2 }
    fake.clock.advance(by: .seconds(20))
    try await until { fake.server.open == 1 }
    await fake.pool.close()
    #expect(fake.server.open == 0)
  }

  @Test("shutting down waits for a lease under way, lets nobody else in")
  func gracefully() async throws {
    let fake = FakePool(2)
    let gate = Gate()
    let lent = try await fake.lent(until: gate)
    let told = Mutex(0)
    fake.pool.whenShutDown { told.withLock { $0 += 1 } }
    let end = Task { [pool = fake.pool] in await pool.shutDown(within: .seconds(30)) }
    try await until { fake.pool.state.withLock { $0.pool.isShutDown } }
    #expect(await code { try await fake.pool.withConnection { _ in } } == .closed)
    #expect(fake.server.open == 1)
    gate.open()
    try await lent.value
    await end.value
    #expect(fake.server.open == 0)
    #expect(told.withLock { $0 } == 1)
  }

  @Test(
    "shutting down closes under whoever takes too long, at once where the task is canceled",
    arguments: [true, false])
  func late(isCanceled: Bool) async throws {
    let fake = FakePool(2)
    let gate = Gate()
    let lent = try await fake.lent(until: gate)
    let end = Task { [pool = fake.pool] in await pool.shutDown(within: .seconds(30)) }
    try await until { fake.pool.state.withLock { $0.pool.isShutDown } }
    if isCanceled { end.cancel() } else { fake.clock.advance(by: .seconds(30)) }
    await end.value
    #expect(fake.server.open == 0)
    gate.open()
    try await lent.value
  }

  @Test("shared connections count toward the maximum and go back into the line")
  func shared() async throws {
    let fake = FakePool(1)
    let shared = try await fake.pool.lease()
    let waiter = try await fake.waiter()
    #expect(fake.pool.wantsBack(shared))
    await fake.pool.giveBack(shared)
    try await waiter.value
    #expect(fake.server.attempts == 1)
  }

  @Test("a shared connection is wanted back when others need it, and when its life is over")
  func wantedBack() async throws {
    let fake = FakePool(2) { $0.lifetimeLimit = .seconds(100) }
    let shared = try await fake.pool.lease()
    #expect(!fake.pool.wantsBack(shared))
    try await fake.pool.withConnection { _ in #expect(fake.pool.wantsBack(shared)) }
    #expect(!fake.pool.wantsBack(shared))
    fake.clock.advance(by: .seconds(110))
    #expect(fake.pool.wantsBack(shared))
    await fake.pool.giveBack(shared)
  }

  @Test("a connection for sharing comes only if there is room")
  func sharedIfFree() async throws {
    let fake = FakePool(2)
    let first = try #require(try await fake.pool.leaseIfFree())
    let second = try #require(try await fake.pool.leaseIfFree())
    #expect(first !== second)
    #expect(try await fake.pool.leaseIfFree() == nil)
    let waiter = try await fake.waiter()
    await fake.pool.giveBack(first)
    try await waiter.value
    #expect(try await fake.pool.leaseIfFree() === first)
    await fake.pool.close()
    #expect(try await fake.pool.leaseIfFree() == nil)
  }

  @Test("a pool that nobody holds goes, though its timer is set")
  func freed() async throws {
    let fake = { FakePool(1) }
    weak var pool: FakePool.Pool?
    do {
      let fake = fake()
      pool = fake.pool
      try await fake.pool.withConnection { _ in
        let waiter = try await fake.waiter()
        waiter.cancel()
        _ = await waiter.result
      }
      #expect(fake.pool.state.withLock { $0.timer != nil })
    }
    try await until { pool == nil }
  }
}

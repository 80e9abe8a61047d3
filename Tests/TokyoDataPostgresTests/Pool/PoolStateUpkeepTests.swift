import Testing

@testable import TokyoDataPostgres

@Suite("Upkeep and the end of a pool")
struct PoolStateUpkeepTests {
  typealias State = PoolState<Int>

  @Test("opens the minimum when it is kept, and again what went")
  func minimum() {
    var pool = PoolStateTests.state(4, minimum: 2) { $0.healthCheckAfter = nil }
    #expect(pool.keep(at: .zero) == [.open, .open])
    #expect(pool.opened(1, at: .zero).isEmpty)
    #expect(pool.openFailed(at: .zero).isEmpty)
    #expect(pool.nextTick == pool.retryAt)
    #expect(pool.tick(at: pool.retryAt) == [.open])
    #expect(pool.opened(2, at: .seconds(1)).isEmpty)
    #expect(pool.idle == [1, 2])
  }

  @Test("closes what is idle too long, down to the minimum, and says when")
  func idleLimit() throws {
    var pool = try PoolStateTests.lent(3, of: 4, minimum: 1) {
      $0.idleLimit = .seconds(60)
      $0.healthCheckAfter = nil
      $0.lifetimeLimit = nil
    }
    #expect(pool.keep(at: .zero).isEmpty)
    for id in 1...3 { _ = pool.giveBack(id, isReusable: true, at: .seconds(id)) }
    #expect(pool.nextTick == .seconds(61))
    #expect(pool.tick(at: .seconds(61)) == [.close(1, .idle)])
    #expect(pool.nextTick == .seconds(62))
    #expect(pool.tick(at: .seconds(62)) == [.close(2, .idle)])
    #expect(pool.nextTick == nil)
    #expect(pool.idle == [3])
  }

  @Test("without upkeep, what is idle too long goes at the next lease or return")
  func idleLimitAtLease() throws {
    var pool = try PoolStateTests.lent(2, of: 2) {
      $0.idleLimit = .seconds(60)
      $0.healthCheckAfter = nil
    }
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    #expect(pool.nextTick == nil)
    #expect(pool.giveBack(2, isReusable: true, at: .seconds(60)) == [.close(1, .idle)])
    guard case (.granted(_, 2), let actions) = pool.lease(at: .seconds(61)) else {
      Issue.record("the young connection is not lent")
      return
    }
    #expect(actions.isEmpty)
  }

  @Test("replaces a connection at the end of its life: when it comes back, when it is to be lent, when idle")
  func lifetime() throws {
    func one() throws -> State {
      try PoolStateTests.lent(1, of: 1, minimum: 1) {
        $0.lifetimeLimit = .seconds(100)
        $0.healthCheckAfter = nil
      }
    }
    var pool = try one()
    #expect(!pool.isRetired(1, at: .seconds(99)))
    #expect(pool.isRetired(1, at: .seconds(100)))
    #expect(pool.giveBack(1, isReusable: true, at: .seconds(100)) == [.close(1, .lifetime)])
    #expect(pool.closed(1, at: .seconds(100)) == [.open])

    pool = try one()
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    #expect(try PoolStateTests.wait(&pool, at: .seconds(100)).1 == [.close(1, .lifetime)])

    pool = try one()
    _ = pool.keep(at: .zero)
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    #expect(pool.nextTick == .seconds(100))
    #expect(pool.tick(at: .seconds(100)) == [.close(1, .lifetime)])
  }

  @Test("lives differ, by no more than the jitter")
  func lifetimeJitter() throws {
    var configuration = PostgresPoolConfiguration(maximumConnections: 50)
    configuration.lifetimeLimit = .seconds(1_000)
    configuration.lifetimeJitter = 0.2
    var pool = State(configuration, seed: 3)
    for id in 0..<50 {
      _ = pool.lease(at: .zero)
      _ = pool.opened(id, at: .zero)
    }
    let ends = pool.records.values.compactMap(\.retiresAt)
    #expect(Set(ends).count == 50)
    #expect(ends.allSatisfy { $0 > .seconds(800) && $0 <= .seconds(1_000) })
  }

  @Test("asks idle connections whether they live, which does not make them younger")
  func health() throws {
    var pool = try PoolStateTests.lent(1, of: 1) {
      $0.healthCheckAfter = .seconds(30)
      $0.idleLimit = .seconds(50)
    }
    _ = pool.keep(at: .zero)
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    #expect(pool.nextTick == .seconds(30))
    #expect(pool.tick(at: .seconds(30)) == [.check(1)])
    #expect(pool.checked(1, isAlive: true, at: .seconds(31)).isEmpty)
    #expect(pool.tick(at: .seconds(50)) == [.close(1, .idle)])
  }

  @Test("shut down, it fails who waits, closes what is idle, and finishes when the last is closed")
  func shutdown() throws {
    var pool = try PoolStateTests.lent(2, of: 2)
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    #expect(pool.shutDown(by: nil, at: .zero) == [.close(1, .shutdown)])
    #expect(pool.lease(at: .zero).0 == .refused(.shutDown))
    #expect(pool.closed(1, at: .zero).isEmpty)
    #expect(pool.giveBack(2, isReusable: true, at: .zero) == [.close(2, .shutdown)])
    #expect(pool.closed(2, at: .zero) == [.finish])
    #expect(pool.shutDown(by: .zero, at: .zero).isEmpty)
  }

  @Test("shut down with a deadline, it closes what is still lent when that passes")
  func deadline() throws {
    var pool = try PoolStateTests.lent(1, of: 1)
    let (request, _) = try PoolStateTests.wait(&pool)
    #expect(pool.shutDown(by: .seconds(30), at: .zero) == [.fail(request, .shutDown)])
    #expect(pool.nextTick == .seconds(30))
    #expect(pool.tick(at: .seconds(29)).isEmpty)
    #expect(pool.tick(at: .seconds(30)) == [.close(1, .shutdown)])
    #expect(pool.nextTick == nil)
    #expect(pool.giveBack(1, isReusable: true, at: .seconds(30)).isEmpty)
    #expect(pool.closed(1, at: .seconds(30)) == [.finish])
  }

  @Test("connections that arrive, and checks that end, after the end are closed")
  func lateArrivals() throws {
    var pool = try PoolStateTests.lent(1, of: 3) { $0.healthCheckAfter = .zero }
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    _ = try PoolStateTests.wait(&pool, at: .seconds(1))
    for _ in 0..<2 { _ = try PoolStateTests.wait(&pool, at: .seconds(1)) }
    #expect(pool.shutDown(by: nil, at: .seconds(1)).count == 3)
    #expect(pool.opened(2, at: .seconds(1)) == [.close(2, .shutdown)])
    #expect(pool.checked(1, isAlive: true, at: .seconds(1)) == [.close(1, .shutdown)])
    #expect(pool.closed(2, at: .seconds(1)).isEmpty)
    #expect(pool.closed(1, at: .seconds(1)).isEmpty)
    #expect(pool.openFailed(at: .seconds(1)) == [.finish])
  }

  @Test("numbers that make no sense are made to")
  func clamped() {
    var configuration = PostgresPoolConfiguration(minimumConnections: 9, maximumConnections: -1)
    configuration.lifetimeJitter = .nan
    configuration.leaseTimeout = .seconds(Int64.max)
    configuration.idleLimit = .seconds(-1)
    configuration.lifetimeLimit = .zero
    configuration.firstRetryDelay = .seconds(9)
    configuration.longestRetryDelay = .seconds(3)
    let clamped = configuration.clamped
    #expect(clamped.maximumConnections == 1)
    #expect(clamped.minimumConnections == 1)
    #expect(clamped.lifetimeJitter == 0)
    #expect(clamped.leaseTimeout.map { $0 < .seconds(4_000_000_000) } == true)
    #expect(clamped.idleLimit == .zero)
    #expect(clamped.lifetimeLimit == .seconds(1))
    #expect(clamped.firstRetryDelay == .seconds(3))
  }
}

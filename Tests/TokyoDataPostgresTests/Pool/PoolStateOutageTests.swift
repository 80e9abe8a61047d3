import Testing

@testable import TokyoDataPostgres

@Suite("A pool whose server is away")
struct PoolStateOutageTests {
  typealias State = PoolState<Int>

  /// A pool that had a connection, which broke.
  private func pool(
    of maximum: Int, _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
  ) throws -> State {
    var pool = try PoolStateTests.lent(1, of: maximum, change)
    _ = pool.giveBack(1, isReusable: false, at: .zero)
    #expect(pool.closed(1, at: .zero).isEmpty)
    return pool
  }

  @Test("tells the first waiters at once if it never had a connection")
  func neverReached() throws {
    var pool = PoolStateTests.state(4)
    let (first, _) = try PoolStateTests.wait(&pool)
    let (second, _) = try PoolStateTests.wait(&pool)
    #expect(pool.openFailed(at: .zero).isEmpty)
    #expect(
      pool.openFailed(at: .zero) == [.fail(first, .connectionFailed), .fail(second, .connectionFailed)])
  }

  @Test("tells waiters without a timeout when the attempt has failed, and the next ones after the pause")
  func noTimeout() throws {
    var pool = try pool(of: 1) { $0.leaseTimeout = nil }
    let (first, actions) = try PoolStateTests.wait(&pool)
    #expect(actions == [.open])
    #expect(pool.openFailed(at: .zero) == [.fail(first, .connectionFailed)])
    let (second, none) = try PoolStateTests.wait(&pool)
    #expect(none.isEmpty)
    let due = try #require(pool.nextTick)
    #expect(pool.tick(at: due) == [.open])
    #expect(pool.openFailed(at: due) == [.fail(second, .connectionFailed)])
  }

  @Test("keeps waiters in line, makes one attempt at a time, after longer and longer pauses")
  func backoff() throws {
    var pool = try pool(of: 8) {
      $0.leaseTimeout = .seconds(3_600)
      $0.firstRetryDelay = .milliseconds(100)
      $0.longestRetryDelay = .seconds(5)
    }
    for _ in 0..<8 { #expect(try PoolStateTests.wait(&pool).1 == [.open]) }
    for _ in 0..<8 { #expect(pool.openFailed(at: .zero).isEmpty) }
    #expect(pool.failures == 1)
    var now = PoolMoment.zero
    var longest = Duration.milliseconds(100)
    for _ in 0..<10 {
      let due = try #require(pool.nextTick)
      #expect(due - now > longest / 2 - .nanoseconds(1) && due - now <= longest)
      #expect(try PoolStateTests.wait(&pool, at: now).1.isEmpty)
      now = due
      #expect(pool.tick(at: now) == [.open])
      #expect(try PoolStateTests.wait(&pool, at: now).1.isEmpty)
      #expect(pool.openFailed(at: now).isEmpty)
      longest = min(longest * 2, .seconds(5))
    }
    // Back again: the one success serves the first and lets the others have theirs.
    now = try #require(pool.nextTick)
    #expect(pool.tick(at: now) == [.open])
    let actions = pool.opened(2, at: now)
    #expect(actions.filter { $0 == .open }.count == 7)
    #expect(pool.line.count == 27)
  }

  @Test("a lease that times out meanwhile learns that the server cannot be reached")
  func timeoutMeanwhile() throws {
    var pool = try pool(of: 1) {
      $0.leaseTimeout = .milliseconds(10)
      $0.firstRetryDelay = .seconds(1)
    }
    let (first, _) = try PoolStateTests.wait(&pool)
    #expect(pool.openFailed(at: .zero).isEmpty)
    #expect(pool.tick(at: .milliseconds(10)) == [.fail(first, .connectionFailed)])
  }

  @Test("a first lease that times out while the server does not answer learns that, too")
  func silence() throws {
    var pool = PoolStateTests.state(1) { $0.leaseTimeout = .seconds(1) }
    let (request, _) = try PoolStateTests.wait(&pool)
    #expect(pool.tick(at: .seconds(1)) == [.fail(request, .connectionFailed)])
  }

  @Test("a refused connection matters little while others serve")
  func othersServe() throws {
    var pool = try PoolStateTests.lent(1, of: 2) { $0.leaseTimeout = nil }
    let (first, actions) = try PoolStateTests.wait(&pool)
    #expect(actions == [.open])
    #expect(pool.openFailed(at: .zero).isEmpty)
    #expect(pool.giveBack(1, isReusable: true, at: .zero) == [.grant(first, 1)])
  }

  @Test("pauses differ from pool to pool")
  func jitter() throws {
    let pauses = try (0..<UInt64(20)).map { seed in
      var pool = PoolState<Int>(PostgresPoolConfiguration(maximumConnections: 1), seed: seed)
      _ = pool.lease(at: .zero)
      _ = pool.openFailed(at: .zero)
      _ = pool.lease(at: .zero)
      return try #require(pool.nextTick)
    }
    #expect(Set(pauses).count == 20)
  }
}

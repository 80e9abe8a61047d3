import Testing

@testable import TokyoDataPostgres

@Suite("The state of a pool")
struct PoolStateTests {
  typealias State = PoolState<Int>

  static func state(
    _ maximum: Int, minimum: Int = 0, _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
  ) -> State {
    var configuration = PostgresPoolConfiguration(minimumConnections: minimum, maximumConnections: maximum)
    configuration.lifetimeJitter = 0
    change(&configuration)
    return State(configuration, seed: 1)
  }

  /// A lease that has to wait.
  static func wait(_ pool: inout State, at now: PoolMoment = .zero) throws -> (PoolRequest, [State.Action]) {
    let (lease, actions) = pool.lease(at: now)
    guard case .waits(let request) = lease else {
      Issue.record("\(lease)")
      throw CancellationError()
    }
    return (request, actions)
  }

  /// A pool with connections 1, 2, … that are all lent.
  static func lent(
    _ count: Int, of maximum: Int, minimum: Int = 0,
    _ change: (inout PostgresPoolConfiguration) -> Void = { _ in }
  ) throws -> State {
    var pool = state(maximum, minimum: minimum, change)
    for id in 1...count {
      let (request, actions) = try wait(&pool)
      #expect(actions == [.open])
      #expect(pool.opened(id, at: .zero) == [.grant(request, id)])
    }
    return pool
  }

  @Test("opens up to the maximum, then lets wait in order")
  func order() throws {
    var pool = try Self.lent(2, of: 2)
    let (first, actions) = try Self.wait(&pool)
    #expect(actions.isEmpty)
    let (second, _) = try Self.wait(&pool)
    #expect(pool.giveBack(1, isReusable: true, at: .zero) == [.grant(first, 1)])
    #expect(pool.giveBack(2, isReusable: true, at: .zero) == [.grant(second, 2)])
    #expect(pool.giveBack(1, isReusable: true, at: .zero).isEmpty)
    #expect(pool.idle == [1])
    guard case (.granted(_, 1), let actions) = pool.lease(at: .zero) else {
      Issue.record("the idle connection is not lent")
      return
    }
    #expect(actions.isEmpty)
  }

  @Test("lends the connection that was used last, so that others may age")
  func lastUsed() throws {
    var pool = try Self.lent(3, of: 3)
    for id in [2, 3, 1] { _ = pool.giveBack(id, isReusable: true, at: .seconds(id)) }
    #expect(pool.idle == [1, 2, 3])
  }

  @Test("replaces a connection that comes back broken once it is closed")
  func broken() throws {
    var pool = try Self.lent(1, of: 1)
    let (request, _) = try Self.wait(&pool)
    #expect(pool.giveBack(1, isReusable: false, at: .zero) == [.close(1, .broken)])
    #expect(pool.closed(1, at: .zero) == [.open])
    #expect(pool.opened(2, at: .zero) == [.grant(request, 2)])
  }

  @Test("takes a connection back once, whoever gives it")
  func twice() throws {
    var pool = try Self.lent(1, of: 1)
    #expect(pool.giveBack(1, isReusable: true, at: .zero).isEmpty)
    #expect(pool.giveBack(1, isReusable: false, at: .zero).isEmpty)
    #expect(pool.giveBack(7, isReusable: true, at: .zero).isEmpty)
    #expect(pool.closed(1, at: .zero).isEmpty)
    #expect(pool.checked(1, isAlive: false, at: .zero).isEmpty)
    #expect(pool.idle == [1])
  }

  @Test("forgets a waiter that gives up, unless it has been served; its connection serves another")
  func canceled() throws {
    var pool = Self.state(2)
    let (first, _) = try Self.wait(&pool)
    let (second, _) = try Self.wait(&pool)
    let answers = (pool.cancel(first), pool.cancel(first))
    #expect(answers == (true, false))
    #expect(pool.opened(1, at: .zero) == [.grant(second, 1)])
    let late = pool.cancel(second)
    #expect(!late)
    #expect(pool.opened(2, at: .zero).isEmpty)
    #expect(pool.idle == [2])
  }

  @Test("times out the first in line when its time has come, and says when that is")
  func timeout() throws {
    var pool = try Self.lent(1, of: 1) { $0.leaseTimeout = .seconds(5) }
    let (first, _) = try Self.wait(&pool, at: .seconds(1))
    let (second, _) = try Self.wait(&pool, at: .seconds(2))
    #expect(pool.nextTick == .seconds(6))
    #expect(pool.tick(at: .milliseconds(5_999)).isEmpty)
    #expect(pool.tick(at: .seconds(6)) == [.fail(first, .exhausted)])
    #expect(pool.nextTick == .seconds(7))
    #expect(pool.giveBack(1, isReusable: true, at: .seconds(7)) == [.grant(second, 1)])
    #expect(pool.nextTick == nil)
  }

  @Test("turns away who finds the line too long, but not those for whom a connection is on its way")
  func tooMany() throws {
    var pool = Self.state(2) { $0.maximumWaiters = 1 }
    for _ in 0..<3 { _ = try Self.wait(&pool) }
    guard case (.refused(.tooManyWaiters), let actions) = pool.lease(at: .zero) else {
      Issue.record("the fourth lease is let in")
      return
    }
    #expect(actions.isEmpty)
    #expect(pool.line.count == 3)
  }

  @Test("a connection idle for long is asked before it is lent", arguments: [true, false])
  func health(isAlive: Bool) throws {
    var pool = try Self.lent(1, of: 1) { $0.healthCheckAfter = .seconds(30) }
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    let (request, actions) = try Self.wait(&pool, at: .seconds(30))
    #expect(actions == [.check(1)])
    if isAlive {
      #expect(pool.checked(1, isAlive: true, at: .seconds(31)) == [.grant(request, 1)])
    } else {
      #expect(pool.checked(1, isAlive: false, at: .seconds(31)) == [.close(1, .unhealthy)])
      #expect(pool.closed(1, at: .seconds(31)) == [.open])
    }
  }

  @Test("checks that are asked for at every lease end in a lease")
  func alwaysCheck() throws {
    var pool = try Self.lent(1, of: 1) { $0.healthCheckAfter = .zero }
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    let (request, actions) = try Self.wait(&pool, at: .seconds(1))
    #expect(actions == [.check(1)])
    #expect(pool.checked(1, isAlive: true, at: .seconds(2)) == [.grant(request, 1)])
  }

  @Test("a request whose connection is dead returns to the front of the line")
  func dead() throws {
    var pool = try Self.lent(1, of: 1)
    _ = pool.giveBack(1, isReusable: true, at: .zero)
    guard case (.granted(let first, 1), _) = pool.lease(at: .zero) else {
      Issue.record("the idle connection is not lent")
      return
    }
    let (second, _) = try Self.wait(&pool)
    let (lease, actions) = pool.retry(first, insteadOf: 1, at: .zero)
    #expect(lease == .waits(first))
    #expect(actions == [.close(1, .unhealthy)])
    #expect(pool.line.requests == [first, second])
    #expect(pool.closed(1, at: .zero) == [.open])
    #expect(pool.opened(2, at: .zero) == [.grant(first, 2)])
  }
}

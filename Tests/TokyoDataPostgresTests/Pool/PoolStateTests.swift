import Testing

@testable import TokyoDataPostgres

@Suite("The state of a pool")
struct PoolStateTests {
  @Test("opens up to the limit, then lets wait in order")
  func order() throws {
    var pool = PoolState<Int>(limit: 2)
    #expect(pool.lease() == .open)
    #expect(pool.lease() == .open)
    guard case .wait(let first) = pool.lease(), case .wait(let second) = pool.lease() else {
      Issue.record("a third lease does not wait")
      return
    }
    #expect(pool.giveBack(1) == .give(1, first))
    #expect(pool.giveBack(2) == .give(2, second))
    #expect(pool.giveBack(1) == .nobody)
    #expect(pool.idle == [1])
    #expect(pool.inUse == 1)
    #expect(pool.lease() == .use(1))
  }

  @Test("hands the right to open on when a connection breaks")
  func broken() {
    var pool = PoolState<Int>(limit: 1)
    _ = pool.lease()
    guard case .wait(let waiter) = pool.lease() else {
      Issue.record("a second lease does not wait")
      return
    }
    #expect(pool.giveBackNothing() == .open(waiter))
    #expect(pool.giveBackNothing() == .nobody)
    #expect(pool.inUse == 0)
    #expect(pool.lease() == .open)
  }

  @Test("forgets a waiter that gives up, unless it has been served")
  func abandoned() {
    var pool = PoolState<Int>(limit: 1)
    _ = pool.lease()
    guard case .wait(let first) = pool.lease(), case .wait(let second) = pool.lease() else {
      Issue.record("leases do not wait")
      return
    }
    let answers = (pool.abandon(first), pool.abandon(first))
    #expect(answers == (true, false))
    #expect(pool.giveBack(1) == .give(1, second))
    let late = pool.abandon(second)
    #expect(!late)
  }

  @Test("closes what comes back once it is closed, and lends no more")
  func closed() {
    var pool = PoolState<Int>(limit: 2)
    _ = pool.lease()
    _ = pool.lease()
    #expect(pool.giveBack(1) == .nobody)
    #expect(pool.close().idle == [1])
    #expect(pool.giveBack(2) == .close(2))
    #expect(pool.lease() == .closed)
    #expect(pool.inUse == 0)
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("WatchList")
struct WatchListTests {
  let limits = WatchList.Limits(queue: .seconds(10), run: .seconds(20))

  func query(_ id: String, _ state: AthenaQueryState) -> AthenaQuery {
    AthenaQuery(queryExecutionId: id, status: .init(state: state))
  }

  @Test("looks at a new query at once, and then ever later, but never later than two seconds")
  func intervals() {
    var list = WatchList()
    list.add(1, "q", .init(queue: .seconds(10), run: .seconds(200)), now: .zero)
    #expect(list.step(now: .zero) == .wait(until: WatchList.first))
    #expect(list.step(now: WatchList.first) == .look(["q"]))
    #expect(
      list.step(now: WatchList.first) == .wait(until: .seconds(10)), "only the deadline is left to wait for")
    _ = list.see(query("q", .running), now: .milliseconds(80))
    #expect(list.step(now: .milliseconds(80)) == .wait(until: .milliseconds(120)))
    _ = list.see(query("q", .running), now: .seconds(8))
    #expect(list.step(now: .seconds(8)) == .wait(until: .milliseconds(8_250)))
    _ = list.see(query("q", .running), now: .seconds(100))
    #expect(list.step(now: .seconds(100)) == .wait(until: .seconds(102)))
  }

  @Test("looks at fifty queries with one call, and at the fifty-first with another")
  func batches() throws {
    var list = WatchList()
    for number in 0..<51 { list.add(number, "q\(number)", limits, now: .zero) }
    guard case .look(let first) = list.step(now: .seconds(1)),
      case .look(let second) = list.step(now: .seconds(1))
    else {
      Issue.record("nothing to look at")
      return
    }
    #expect(first.count == 50)
    #expect(second.count == 1)
    #expect(Set(first + second).count == 51)
  }

  @Test("takes what is due a little later along with what is due")
  func slack() {
    var list = WatchList()
    list.add(1, "a", limits, now: .zero)
    list.add(2, "b", limits, now: .milliseconds(15))
    list.add(3, "c", limits, now: .milliseconds(500))
    #expect(list.step(now: .milliseconds(20)) == .look(["a", "b"]))
  }

  @Test("takes along what would be due within half its pause, so that queries of one age come together")
  func together() {
    var list = WatchList()
    for (number, name) in ["a", "b", "c"].enumerated() { list.add(number, name, limits, now: .zero) }
    #expect(list.step(now: .seconds(3)) == .look(["a", "b", "c"]))
    _ = list.see(query("a", .running), now: .milliseconds(3_200))
    _ = list.see(query("b", .running), now: .milliseconds(3_249))
    _ = list.see(query("c", .running), now: .milliseconds(3_290))
    #expect(list.step(now: .milliseconds(3_299)) == .wait(until: .milliseconds(3_300)))
    #expect(list.step(now: .milliseconds(3_300)) == .look(["a", "b"]))
  }

  @Test("looks no more often than ten times a second for long, however soon the next look is due")
  func pace() {
    var list = WatchList()
    list.add(1, "q", limits, now: .zero)
    var (now, looks) = (Duration.seconds(1), 0)
    while now < .seconds(3), looks < 1_000 {
      switch list.step(now: now) {
      case .look(let ids):
        looks += 1
        list.postpone(ids, until: now)
      case .wait(let until): now = until
      case .nothing:
        Issue.record("somebody waits")
        return
      }
    }
    #expect(looks >= 20)
    #expect(looks <= 20 + WatchList.burst)
  }

  @Test("asks once for a query that two wait for, and tells both")
  func shared() {
    var list = WatchList()
    list.add(1, "q", limits, now: .zero)
    list.add(2, "q", limits, now: .zero)
    #expect(list.step(now: .seconds(1)) == .look(["q"]))
    #expect(Set(list.see(query("q", .succeeded), now: .seconds(1)).map(\.waiter)) == [1, 2])
    #expect(list.step(now: .seconds(1)) == .nothing)
  }

  @Test("gives up a query that never leaves the queue, at its deadline and not before")
  func queueDeadline() {
    var list = WatchList()
    list.add(1, "q", limits, now: .zero)
    _ = list.see(query("q", .queued), now: .seconds(9))
    #expect(list.expire(now: .milliseconds(9_999)).isEmpty)
    let over = list.expire(now: .seconds(10))
    #expect(over.map(\.waiter) == [1])
    guard case .expired(.queue)? = over.first?.end else {
      Issue.record("\(over)")
      return
    }
  }

  @Test("counts the stays of a query that went back to the queue together")
  func requeued() {
    var list = WatchList()
    list.add(1, "q", limits, now: .zero)
    _ = list.see(query("q", .running), now: .seconds(6))
    _ = list.see(query("q", .queued), now: .seconds(12))
    #expect(list.expire(now: .seconds(15)).isEmpty, "six and three seconds in the queue")
    #expect(list.expire(now: .seconds(16)).map(\.waiter) == [1])
    list.add(2, "r", limits, now: .seconds(100))
    _ = list.see(query("r", .running), now: .seconds(101))
    _ = list.see(query("r", .queued), now: .seconds(116))
    _ = list.see(query("r", .running), now: .seconds(117))
    #expect(list.expire(now: .seconds(121)).isEmpty)
    let over = list.expire(now: .seconds(122))
    guard case .expired(.run)? = over.first?.end else {
      Issue.record("\(over)")
      return
    }
  }

  @Test("looks later at what could not be looked at, without forgetting it")
  func postponed() {
    var list = WatchList()
    list.add(1, "q", limits, now: .zero)
    #expect(list.step(now: .seconds(1)) == .look(["q"]))
    list.postpone(["q"], until: .seconds(3))
    #expect(list.step(now: .seconds(1)) == .wait(until: .seconds(3)))
    #expect(list.step(now: .seconds(3)) == .look(["q"]))
  }

  @Test("does not take along what could not be looked at before its time")
  func postponedBeside() {
    var list = WatchList()
    list.add(1, "q", limits, now: .zero)
    _ = list.see(query("q", .running), now: .seconds(9))
    #expect(list.step(now: .seconds(10)) == .look(["q"]))
    list.postpone(["q"], until: .milliseconds(10_120))
    list.add(2, "r", limits, now: .milliseconds(9_990))
    #expect(list.step(now: .milliseconds(10_010)) == .look(["r"]))
  }
}

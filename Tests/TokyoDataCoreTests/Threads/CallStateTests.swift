import Testing

@testable import TokyoDataCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("What a thread knows of calls")
struct CallStateTests {
  private let socket = Watch(descriptor: 7, events: .readable, deadline: nil)
  private let now = ContinuousClock.now

  private func ready(_ state: inout CallState) -> pollfd {
    var seen = state.sleepOnWatch()
    seen.revents = Int16(POLLIN)
    return seen
  }

  @Test("a visitor attends once more for whoever called meanwhile, then his visit is over")
  func visit() {
    var state = CallState()
    state.isVisited = true
    state.isCalled = true
    #expect(!state.isPending)
    let answer1 = state.continuesVisit()
    #expect(answer1)
    #expect(state.isVisited)
    let answer2 = state.continuesVisit()
    #expect(!answer2)
    #expect(!state.isVisited)
  }

  @Test("readiness is a call; where nobody expected it, the thread looks away until told to watch again")
  func unexpected() {
    for (expectation, watch) in [(CallState.Expectation.readiness, socket), (.nothing, nil)] {
      var state = CallState()
      state.watch = socket
      let seen = ready(&state)
      state.settle(seen, at: now)
      let answer3 = state.take()
      #expect(answer3)
      state.expect(expectation)
      #expect(state.watch == watch)
    }
  }

  @Test("a call alone does not make the thread look away")
  func called() {
    var state = CallState()
    state.watch = socket
    state.expect(.nothing)
    #expect(state.watch == socket)
  }

  @Test("what was watched before is not taken for what is watched now")
  func changed() {
    var state = CallState()
    state.watch = socket
    let seen = ready(&state)
    state.watch = Watch(descriptor: 8, events: .readable, deadline: nil)
    state.settle(seen, at: now)
    let answer4 = state.take()
    #expect(!answer4)
  }

  @Test("a deadline is a call, once")
  func deadline() {
    var state = CallState()
    state.watch = Watch(descriptor: -1, events: [], deadline: now)
    _ = state.sleepOnWatch()
    state.settle(nil, at: now)
    let answer5 = state.take()
    #expect(answer5)
    state.settle(nil, at: now)
    let answer6 = state.take()
    #expect(!answer6)
  }

  @Test(
    "a sleeping thread is woken only for what it does not look at already",
    arguments: [
      (Watch?.none, false), (Watch(descriptor: 7, events: .readable, deadline: nil), true),
      (Watch(descriptor: 7, events: .writable, deadline: nil), false),
      (Watch(descriptor: 8, events: .readable, deadline: nil), false),
      (Watch(descriptor: 7, events: .readable, deadline: .now), false),
    ])
  func asleep(on watch: Watch?, isCovered: Bool) {
    var state = CallState()
    state.watch = socket
    _ = state.sleepOnWatch()
    state.watch = watch
    #expect(state.isAsleepOnWatch == isCovered)
  }

  @Test("a nap is taken once, and ends in a call")
  func nap() {
    var state = CallState()
    state.expect(.muchSoon)
    let answer7 = state.takeNap()
    #expect(answer7)
    let answer8 = state.take()
    #expect(answer8)
    let answer9 = state.takeNap()
    #expect(!answer9)
  }
}

import Testing

@testable import TokyoDataAWS

@Suite("The state of retries")
struct RetryStateTests {
  private func state(_ repetition: AWSOperation.Repetition = .harmless, attempts: Int = 3) -> RetryState {
    RetryState(AWSOperation(.glue, "GetTable", repetition), maximumAttempts: attempts)
  }

  @Test("Pauses are a part of 1, 2, 4 … seconds, at most 20")
  func pauses() {
    var state = state(attempts: 9)
    let quota = RetryQuota()
    var pauses: [RetryState.Step] = []
    for _ in 0..<9 {
      pauses.append(state.step(after: CallFailure(.transient), canReplay: true, quota: quota, random: 0.5))
    }
    #expect(
      pauses == [0.5, 1, 2, 4, 8, 10, 10, 10].map { RetryState.Step.again(afterSeconds: $0) } + [.stop])
  }

  @Test("A million tries have no longer pauses, and nothing overflows")
  func manyTries() {
    var state = state(attempts: .max)
    let quota = RetryQuota()
    for _ in 0..<10_000 {
      quota.giveBack(RetryQuota.retry)
      let step = state.step(after: CallFailure(.throttled), canReplay: true, quota: quota, random: 1)
      guard case .again(let seconds) = step, seconds <= 20 else {
        Issue.record("\(step)")
        return
      }
    }
  }

  @Test("A retry costs 5, after a timeout 10; success gives the last cost back, or 1")
  func costs() {
    let quota = RetryQuota()
    var state = state()
    _ = state.step(after: CallFailure(.transient), canReplay: true, quota: quota, random: 0)
    #expect(quota.available == 495)
    _ = state.step(after: CallFailure(.timeout), canReplay: true, quota: quota, random: 0)
    #expect(quota.available == 485)
    state.finish(quota)
    #expect(quota.available == 495)
    self.state().finish(quota)
    #expect(quota.available == 496)
    for _ in 0..<100 { self.state().finish(quota) }
    #expect(quota.available == 500)
  }

  @Test("What the quota cannot pay is not tried")
  func emptyQuota() {
    let quota = RetryQuota()
    #expect(quota.take(496) && !quota.take(5) && quota.available == 4)
    var state = state()
    #expect(
      state.step(after: CallFailure(.transient), canReplay: true, quota: quota, random: 0) == .stop)
    #expect(quota.available == 4)
  }

  @Test("Corrections cost nothing, wait for nothing, do not count, and come once each")
  func corrections() {
    let quota = RetryQuota()
    var state = state(attempts: 1)
    for (kind, correction) in [
      (CallFailure.Kind.clock(definite: true), RetryState.Correction.clock), (.credentials, .credentials),
      (.moved(region: "us-west-2"), .region),
    ] {
      let failure = CallFailure(kind)
      #expect(
        state.step(after: failure, canReplay: true, quota: quota, random: 1) == .correct(correction))
      #expect(state.step(after: failure, canReplay: true, quota: quota, random: 1) == .stop)
    }
    #expect(state.attempt == 1 && quota.available == 500)
  }

  @Test("Nothing is sent again without its body")
  func body() {
    for kind in [CallFailure.Kind.transient, .timeout, .throttled, .credentials, .clock(definite: true)] {
      var state = state()
      #expect(
        state.step(after: CallFailure(kind), canReplay: false, quota: RetryQuota(), random: 0) == .stop)
    }
  }

  @Test("What may be done is done again only where that does no harm")
  func repetition() {
    for (repetition, mayBeDone, goesOn) in [
      (AWSOperation.Repetition.harmless, true, true), (.recognized, true, true), (.never, true, false),
      (.harmless, false, true), (.recognized, false, true), (.never, false, true),
    ] {
      var state = state(repetition)
      let step = state.step(
        after: CallFailure(.transient, mayBeDone: mayBeDone), canReplay: true, quota: RetryQuota(), random: 0)
      #expect((step != .stop) == goesOn, "\(repetition) \(mayBeDone)")
    }
  }

  @Test(
    "A service may ask for a longer pause, within limits",
    arguments: [
      ("retry-after", "3", 3), ("retry-after", "0", 0.5), ("retry-after", "86400", 20),
      ("retry-after", "99999999999999", 0.5), ("retry-after", "-3", 0.5), ("retry-after", "soon", 0.5),
      ("retry-after", "Thu, 26 Nov 2026 02:00:07 GMT", 7),
      ("retry-after", "Thu, 26 Nov 2026 01:00:00 GMT", 0.5),
      ("x-amz-retry-after", "1500", 1.5), ("x-amz-retry-after", "100", 0.5),
      ("x-amz-retry-after", "60000", 5.5),
      ("x-amz-retry-after", "1.5", 0.5),
    ])
  func waits(name: String, value: String, expected: Double) {
    var headers = HTTPHeaders(["Date": "Thu, 26 Nov 2026 02:00:00 GMT"])
    headers.add(name, value)
    var state = state()
    let failure = CallFailure(.throttled, wait: ServerWait(headers))
    #expect(
      state.step(after: failure, canReplay: true, quota: RetryQuota(), random: 0.5)
        == .again(afterSeconds: expected))
  }
}

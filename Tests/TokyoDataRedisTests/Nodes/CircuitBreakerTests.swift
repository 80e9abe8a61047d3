import Testing

@testable import TokyoDataRedis

@Suite("A circuit breaker")
struct CircuitBreakerTests {
  /// A breaker that expectations may change.
  final class Subject {
    private var breaker: CircuitBreaker

    init(_ breaker: CircuitBreaker) { self.breaker = breaker }

    var phase: CircuitBreaker.Phase { breaker.phase }
    func admits(at now: Duration) -> Bool { breaker.admits(at: now) }
    func noteFailure(at now: Duration) { breaker.noteFailure(at: now) }
    func noteConnection() { breaker.noteConnection() }
    func noteAnswer() { breaker.noteAnswer() }

    /// The end of the pause that it is in.
    var end: Duration? {
      if case .open(let end) = phase { end } else { nil }
    }
  }

  private static func breaker(_ seed: UInt64 = 1) -> Subject {
    var configuration = RedisConfiguration(.single(.host("a", port: 1)))
    configuration.failuresUntilPause = 3
    configuration.shortestPause = .seconds(1)
    configuration.longestPause = .seconds(6)
    configuration.connectTimeout = .seconds(2)
    return Subject(CircuitBreaker(configuration, seed: seed))
  }

  @Test("opens after so many failures in a row, and an answer begins the count anew")
  func opens() {
    let breaker = Self.breaker()
    for _ in 0..<2 { breaker.noteFailure(at: .zero) }
    breaker.noteAnswer()
    for _ in 0..<2 { breaker.noteFailure(at: .zero) }
    #expect(breaker.phase == .closed)
    #expect(breaker.admits(at: .zero))
    breaker.noteFailure(at: .zero)
    #expect(breaker.end != nil)
    #expect(!breaker.admits(at: .zero))
  }

  @Test("admits one attempt after the pause, and all after it succeeded")
  func halfOpens() throws {
    let breaker = Self.breaker()
    for _ in 0..<3 { breaker.noteFailure(at: .zero) }
    let end = try #require(breaker.end)
    #expect(!breaker.admits(at: end - .nanoseconds(1)))
    #expect(breaker.admits(at: end))
    #expect(!breaker.admits(at: end))
    breaker.noteConnection()
    #expect(breaker.phase == .closed)
    #expect(breaker.admits(at: end) && breaker.admits(at: end))
  }

  @Test("an attempt of which nothing is heard does not keep it half-open for ever")
  func lostAttempt() throws {
    let breaker = Self.breaker()
    for _ in 0..<3 { breaker.noteFailure(at: .zero) }
    let end = try #require(breaker.end)
    #expect(breaker.admits(at: end))
    #expect(!breaker.admits(at: end + .seconds(1)))
    #expect(breaker.admits(at: end + .seconds(2)))
  }

  @Test("each failure after a pause doubles the next one, up to the longest")
  func doubles() throws {
    let breaker = Self.breaker()
    for _ in 0..<3 { breaker.noteFailure(at: .zero) }
    var longest: [Duration] = []
    for _ in 0..<5 {
      let now = try #require(breaker.end)
      #expect(breaker.admits(at: now))
      breaker.noteFailure(at: now)
      longest.append(try #require(breaker.end) - now)
    }
    for (pause, full) in zip(longest, [2, 4, 6, 6, 6]) {
      #expect(pause <= .seconds(full) && pause > .seconds(full) / 2, "\(pause) of \(full) s")
    }
  }

  @Test("a server that takes connections but answers nothing is paused for longer each time")
  func unproven() throws {
    let breaker = Self.breaker()
    for _ in 0..<3 { breaker.noteFailure(at: .zero) }
    let first = try #require(breaker.end)
    #expect(breaker.admits(at: first))
    breaker.noteConnection()
    breaker.noteFailure(at: first)
    #expect(try #require(breaker.end) - first > .seconds(1))
  }

  @Test("pauses of different breakers differ")
  func jitter() {
    let ends = Set(
      (0..<20).map { seed in
        let breaker = Self.breaker(UInt64(seed))
        for _ in 0..<3 { breaker.noteFailure(at: .zero) }
        return breaker.end
      })
    #expect(ends.count == 20)
  }
}

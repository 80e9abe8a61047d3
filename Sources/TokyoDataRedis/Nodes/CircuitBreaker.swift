/// Decides whether a server that fails is tried: after some failures in a row not for a while, then once.
///
/// A pure state machine of connections, not of commands: those of a dead connection all fail at once and say the
/// same thing. Moments are told by whoever has the clock, as the time since some beginning.
struct CircuitBreaker: Sendable {
  enum Phase: Hashable, Sendable {
    /// The server may be tried.
    case closed
    /// The server is left alone until the moment.
    case open(until: Duration)
    /// One attempt is under way, and decides. Where nothing was heard of it until the moment, another may.
    case halfOpen(until: Duration)

    var isClosed: Bool { self == .closed }
  }

  private(set) var phase = Phase.closed
  private let failuresUntilPause: Int
  private let shortestPause: Duration
  private let longestPause: Duration
  private let attemptTimeout: Duration
  /// Failures since the server last answered a command.
  private var failures = 0
  private var jitter: SplitMix64

  init(_ configuration: RedisConfiguration, seed: UInt64) {
    failuresUntilPause = configuration.failuresUntilPause
    shortestPause = configuration.shortestPause
    longestPause = configuration.longestPause
    attemptTimeout = configuration.connectTimeout
    jitter = SplitMix64(seed: seed)
  }

  /// Whether an attempt may begin now; the first one after a pause is the one that decides.
  mutating func admits(at now: Duration) -> Bool {
    switch phase {
    case .closed: return true
    case .open(let end), .halfOpen(let end):
      guard now >= end else { return false }
      phase = .halfOpen(until: now + attemptTimeout)
      return true
    }
  }

  /// Notes that a connection failed, or could not be made.
  mutating func noteFailure(at now: Duration) {
    failures += 1
    guard !phase.isClosed || failures >= failuresUntilPause else { return }
    phase = .open(until: now + pause())
  }

  /// Notes that a connection was made: the server may be tried, but has not proven itself.
  mutating func noteConnection() {
    phase = .closed
  }

  /// Notes that the server answered a command.
  mutating func noteAnswer() {
    failures = 0
  }

  /// Forgets all failures.
  mutating func reset() {
    (phase, failures) = (.closed, 0)
  }

  private mutating func pause() -> Duration {
    var pause = shortestPause
    // Beyond the failures that it takes for a pause, each doubles the next one.
    for _ in 0..<max(0, failures - failuresUntilPause) where pause < longestPause { pause *= 2 }
    return jitter.shortened(min(pause, longestPause), byAtMost: 0.5)
  }
}

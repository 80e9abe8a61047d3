internal import TokyoDataCore

/// How a router keeps what it read of copies.
///
/// What is kept of copies cannot become wrong, only useless; so its life is about room, not about freshness.
/// Whole answers are kept only for queries that say how old theirs may be (`QueryNeeds.maximumAge`).
public struct ResultCaching: Sendable {
  /// How long a day's states live.
  public var life: Duration
  /// By how much a life may be shorter, from 0 to 1, at random: so that what was kept together does not end
  /// together.
  public var jitter: Double
  /// How long a call of the cache may take; a query goes on without it then.
  public var callLimit: Duration
  /// How long another process may be waited for that is reading the same; then both read.
  public var waitLimit: Duration
  /// The pause between two looks whether the other process is done; up to half is added at random.
  public var pollInterval: Duration
  /// How long the lock of a process lasts that does not give it up: longer than a read takes.
  public var lockLife: Duration
  /// The most bytes of a day's states, or of an answer, that are kept.
  public var pieceBytes: Int
  /// The most bytes that one query gathers to keep; one that has more is answered and not kept.
  public var queryBytes: Int
  /// What waits are measured by.
  public var clock: any Clock<Duration>

  /// Makes settings; unless said otherwise a day less up to a tenth, 250 ms for a call, 10 s for another process
  /// that looks every 50 ms, a lock of 60 s, 1 MB for a day and 32 MB for a query.
  public init(
    life: Duration = .seconds(86_400), jitter: Double = 0.1,
    callLimit: Duration = .milliseconds(250), waitLimit: Duration = .seconds(10),
    pollInterval: Duration = .milliseconds(50), lockLife: Duration = .seconds(60),
    pieceBytes: Int = 1_000_000, queryBytes: Int = 32_000_000, clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.life = life
    self.jitter = jitter
    self.callLimit = callLimit
    self.waitLimit = waitLimit
    self.pollInterval = pollInterval
    self.lockLife = lockLife
    self.pieceBytes = pieceBytes
    self.queryBytes = queryBytes
    self.clock = clock
  }

  /// A random part of what the jitter takes away is taken away.
  var expiry: CacheExpiry { .after(life * (1 - min(max(jitter, 0), 1) * Double.random(in: 0..<1))) }

  /// A pause, so that those who wait do not look all at once.
  var pause: Duration { pollInterval * Double.random(in: 1..<1.5) }
}

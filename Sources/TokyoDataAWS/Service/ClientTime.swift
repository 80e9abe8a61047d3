internal import TokyoDataCore

/// The clocks and the dice of a client; tests hand in their own.
struct ClientTime: Sendable {
  /// For pauses between tries, and for how long a call took.
  var clock: any Clock<Duration> = ContinuousClock()
  /// The calendar.
  var now: @Sendable () -> Timestamp = Timestamp.systemNow
  /// From 0 to 1.
  var random: @Sendable () -> Double = { Double.random(in: 0...1) }

  /// Begins to measure, by the clock of the pauses.
  func stopwatch() -> @Sendable () -> Duration { Self.stopwatch(clock) }

  private static func stopwatch<C: Clock>(_ clock: C) -> @Sendable () -> Duration
  where C.Duration == Duration {
    let began = clock.now
    return { began.duration(to: clock.now) }
  }
}

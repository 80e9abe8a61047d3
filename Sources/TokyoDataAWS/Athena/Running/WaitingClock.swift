/// A clock of any kind, counted from when it was taken, and the dice for pauses.
struct WaitingClock: Sendable {
  let now: @Sendable () -> Duration
  let sleep: @Sendable (_ until: Duration) async throws -> Void
  /// From 0 to 1.
  var random: @Sendable () -> Double

  init(_ time: ClientTime) { self = Self.counting(time.clock, time.random) }

  private init(
    now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
    random: @escaping @Sendable () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
  }

  private static func counting<Base: Clock>(
    _ clock: Base, _ random: @escaping @Sendable () -> Double
  ) -> WaitingClock where Base.Duration == Duration {
    let start = clock.now
    return WaitingClock(
      now: { start.duration(to: clock.now) },
      sleep: { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }, random: random)
  }
}

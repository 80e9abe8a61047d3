/// A moment of a pool's life: the time since it was made.
typealias PoolMoment = Duration

/// A clock of any kind, counted from when it was taken.
struct PoolClock: Sendable {
  let now: @Sendable () -> PoolMoment
  let sleep: @Sendable (_ until: PoolMoment) async throws -> Void

  init(_ clock: any Clock<Duration>) {
    self = Self.counting(clock)
  }

  private init(
    now: @escaping @Sendable () -> PoolMoment, sleep: @escaping @Sendable (PoolMoment) async throws -> Void
  ) {
    self.now = now
    self.sleep = sleep
  }

  private static func counting<Base: Clock>(_ clock: Base) -> PoolClock where Base.Duration == Duration {
    let start = clock.now
    return PoolClock(
      now: { start.duration(to: clock.now) },
      sleep: { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) })
  }
}

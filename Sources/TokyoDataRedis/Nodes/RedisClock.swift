/// A clock of any kind, for pauses: the deadlines of commands are the system's.
struct RedisClock: Sendable {
  /// The time since the clock was taken.
  let now: @Sendable () -> Duration
  let sleep: @Sendable (_ duration: Duration) async throws -> Void

  init(_ clock: some Clock<Duration>) {
    let start = clock.now
    now = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(for: $0) }
  }
}

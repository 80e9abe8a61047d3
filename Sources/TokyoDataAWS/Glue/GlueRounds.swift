/// How often something is tried that others may have come before, or that may pass by itself, and how long is
/// waited between.
struct GlueRounds: Sendable {
  let clock: any Clock<Duration>
  var count = 8

  /// Waits before round `round`, counted from 1: longer each time, and never two callers alike.
  func wait(before round: Int) async throws {
    let longest = min(5, 0.1 * Double(1 << min(round, 10)))
    try await clock.sleep(for: .seconds(.random(in: 0...longest)))
  }
}

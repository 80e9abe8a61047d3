internal import Synchronization

/// A calendar and a clock that stand still until a test moves them.
///
/// Give a store `now: { clock.now.timestamp }` for its calendar, and the clock itself for its waits.
public final class ManualClock: Clock {
  /// An instant of the calendar.
  public struct Instant: InstantProtocol {
    /// The instant as stores know it.
    public var timestamp: Timestamp

    /// Makes an instant.
    public init(_ timestamp: Timestamp) {
      self.timestamp = timestamp
    }

    /// The instant that much later, to the microsecond.
    public func advanced(by duration: Duration) -> Instant {
      let (seconds, attoseconds) = duration.components
      let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
      guard !overflow else { return Instant(.init(microsecondsSince1970: seconds < 0 ? .min : .max)) }
      return Instant(
        timestamp.adding(microseconds: microseconds)
          .adding(microseconds: attoseconds / 1_000_000_000_000))
    }

    /// The time from this instant to another.
    public func duration(to other: Instant) -> Duration {
      .microseconds(timestamp.microseconds(until: other.timestamp))
    }

    /// The left instant is before the right one.
    public static func < (left: Instant, right: Instant) -> Bool { left.timestamp < right.timestamp }
  }

  private struct State: Sendable {
    var now: Instant
    var sleepers: [(until: Instant, gate: Gate)] = []
  }

  private let state: Mutex<State>

  /// Makes a clock that stands at an instant.
  public init(_ now: Timestamp) {
    state = Mutex(State(now: Instant(now)))
  }

  /// The instant at which the clock stands.
  public var now: Instant { state.withLock { $0.now } }

  /// A microsecond.
  public var minimumResolution: Duration { .microseconds(1) }

  /// Moves the clock and wakes those whose time has come.
  public func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let now = state.now
      defer { state.sleepers.removeAll { $0.until <= now } }
      return state.sleepers.filter { $0.until <= now }
    }
    for sleeper in due { sleeper.gate.open() }
  }

  /// Sleeps until the clock was moved that far.
  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    let gate = Gate()
    state.withLock { state in
      if deadline <= state.now { gate.open() } else { state.sleepers.append((deadline, gate)) }
    }
    try await gate.wait()
  }
}

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
    var last = 0
    var sleepers: [Int: (until: Instant, gate: Gate)] = [:]
    var watchers: [Int: (count: Int, limit: Duration, gate: Gate)] = [:]

    mutating func nextID() -> Int {
      last += 1
      return last
    }

    func sleeperCount(within limit: Duration) -> Int {
      sleepers.values.count { now.duration(to: $0.until) <= limit }
    }
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
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values
    }
    for sleeper in due { sleeper.gate.open() }
  }

  /// Sleeps until the clock was moved that far.
  ///
  /// - Throws: `CancellationError` where the task is canceled before; nobody sleeps any more then.
  public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
    let gate = Gate()
    let id = state.withLock { $0.nextID() }
    try await withTaskCancellationHandler {
      let seen = state.withLock { state in
        guard !Task.isCancelled, deadline > state.now else {
          gate.open()
          return [Gate]()
        }
        state.sleepers[id] = (deadline, gate)
        return state.watchers.values.filter { state.sleeperCount(within: $0.limit) >= $0.count }.map(\.gate)
      }
      for watcher in seen { watcher.open() }
      try await gate.wait()
    } onCancel: {
      state.withLock { $0.sleepers[id] = nil }
    }
  }

  /// How many sleep whose time comes within so long of now.
  public func sleeperCount(within limit: Duration) -> Int {
    state.withLock { $0.sleeperCount(within: limit) }
  }

  /// Waits until so many sleep whose time comes within so long of now: then the clock can be moved, and wakes them.
  ///
  /// - Throws: `CancellationError`.
  public func waitForSleepers(_ count: Int = 1, within limit: Duration) async throws {
    let gate = Gate()
    let id = state.withLock { state in
      let id = state.nextID()
      if state.sleeperCount(within: limit) >= count {
        gate.open()
      } else {
        state.watchers[id] = (count, limit, gate)
      }
      return id
    }
    defer { state.withLock { $0.watchers[id] = nil } }
    try await gate.wait()
  }
}

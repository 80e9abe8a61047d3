#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// What the thread of an executor knows of calls and of the watched descriptor.
package struct CallState {
  /// What an attendant that has done its work expects of the watched descriptor.
  package enum Expectation: Sendable {
    /// Nothing, or nothing that concerns it.
    case nothing
    case readiness
    /// It will be ready again in a moment, and more often than is worth waking up for.
    case muchSoon
  }

  var attendant: (@Sendable () -> Expectation)?
  /// Somebody called who found the actor at work, or the descriptor is ready.
  var isCalled = false
  /// A caller is the one at work, and will look at `isCalled` before he leaves.
  var isVisited = false
  var watch: Watch?
  /// What `poll` looks at, or looked at last.
  private var polled: Watch?
  /// The watched descriptor was ready when `poll` looked last, and the attendant has not run since.
  private var isReady = false
  private var isNapDue = false

  var isPending: Bool { isCalled && !isVisited }

  /// Whether there was a call.
  mutating func take() -> Bool {
    defer { isCalled = false }
    return isCalled
  }

  /// Whether the visitor has to attend once more; otherwise his visit is over.
  mutating func continuesVisit() -> Bool {
    if take() { return true }
    isVisited = false
    return false
  }

  mutating func expect(_ expectation: Expectation) {
    // What nobody expects would wake the thread over and over; whoever waits for the descriptor next sees it.
    if expectation == .nothing, isReady { watch = nil }
    isReady = false
    isNapDue = expectation == .muchSoon
  }

  /// Whether the thread shall sleep a moment and have the attendant run then.
  mutating func takeNap() -> Bool {
    guard isNapDue else { return false }
    (isNapDue, isCalled) = (false, true)
    return true
  }

  /// The watched descriptor for `poll`; a negative one is skipped.
  mutating func sleepOnWatch() -> pollfd {
    polled = watch
    return pollfd(fd: watch?.descriptor ?? -1, events: watch?.events.rawValue ?? 0, revents: 0)
  }

  /// `poll` wakes up for all that is watched by now, and does not look at what no longer may be.
  var isAsleepOnWatch: Bool {
    guard let watch else { return polled.map { $0.descriptor < 0 } ?? true }
    guard let polled, polled.descriptor == watch.descriptor else { return false }
    guard polled.events.isSuperset(of: watch.events) else { return false }
    guard let deadline = watch.deadline else { return true }
    return polled.deadline.map { $0 <= deadline } ?? false
  }

  func timeout(at now: ContinuousClock.Instant) -> Int32 {
    WaitList.timeout(until: watch?.deadline, at: now)
  }

  /// Notes what `poll` saw of the watched descriptor.
  mutating func settle(_ seen: pollfd?, at now: ContinuousClock.Instant) {
    guard let watch, watch == polled else { return }
    if let seen, seen.revents != 0 { (isCalled, isReady) = (true, true) }
    if let deadline = watch.deadline, deadline <= now {
      isCalled = true
      self.watch?.deadline = nil
    }
  }
}

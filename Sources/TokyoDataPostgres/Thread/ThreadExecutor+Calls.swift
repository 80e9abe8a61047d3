internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Calls from other threads: work that needs the actor's isolation for a moment, but no task of its own.
///
/// The actor says what a call does by `serve`. Whoever calls does it on his own thread if the actor has nothing
/// to do, which spares two changes of threads; otherwise whoever is at work does it before he leaves.
extension ThreadExecutor {
  /// Sets what a call does, and what happens when the watched descriptor is ready or its deadline passes: the
  /// same. It runs in the actor's isolation, and says whether it had expected the descriptor to be ready.
  func serve(_ attendant: @escaping @Sendable () -> Bool) {
    state.withLock { $0.calls.attendant = attendant }
  }

  /// Has the attendant run, after this call began: here and now if the actor is free, else by whoever is at work.
  func call() {
    if isIsolatingCurrentContext() == true {
      attend()
      return
    }
    let wasFree: Void? = claim.withLockIfAvailable { _ in
      claimant.store(Self.currentThread, ordering: .relaxed)
      state.withLock { $0.calls.isVisited = true }
      repeat { attend() } while state.withLock { $0.calls.continueVisit() }
      claimant.store(0, ordering: .relaxed)
    }
    if wasFree != nil { return }
    let wakes = state.withLock { state in
      state.calls.isCalled = true
      guard !state.calls.isVisited, state.sleeps else { return false }
      state.sleeps = false
      return true
    }
    if wakes { pipe.wake() }
  }

  @discardableResult
  func attend() -> Bool {
    let attendant = state.withLock { $0.calls.attendant }
    return attendant?() ?? false
  }

  /// Watches a descriptor until told otherwise: the attendant runs whenever it is ready, or at the deadline.
  ///
  /// The descriptor must not be closed while it is watched.
  func watch(_ watch: Watch?) {
    let wakes = state.withLock { state in
      state.calls.watch = watch
      guard state.sleeps, !state.calls.isSleepingOnWatch() else { return false }
      state.sleeps = false
      return true
    }
    if wakes { pipe.wake() }
  }

  /// Has the thread look away from the watched descriptor until `watch` is called again: somebody else reads it.
  func lookAway() {
    state.withLock { $0.calls.watch = nil }
  }
}

/// A descriptor whose readiness the attendant wants to know, and until when.
struct Watch: Equatable, Sendable {
  /// −1 for none: then only the deadline counts.
  var descriptor: Int32
  var events: ReadinessEvents
  var deadline: ContinuousClock.Instant?
}

/// What the thread of an executor knows of calls and of the watched descriptor.
struct CallState {
  var attendant: (@Sendable () -> Bool)?
  /// Somebody called who found the actor at work.
  var isCalled = false
  /// The watched descriptor is why.
  var isReady = false
  /// A caller is the one at work, and will look at `isCalled` before he leaves.
  var isVisited = false
  var watch: Watch?
  /// What `poll` looks at, or looked at last.
  private var polled: Watch?

  var isPending: Bool { isCalled && !isVisited }

  /// Whether there was a call.
  mutating func take() -> Bool {
    defer { isCalled = false }
    return isCalled
  }

  /// Whether the visitor has to attend once more; otherwise his visit is over.
  mutating func continueVisit() -> Bool {
    if take() { return true }
    isVisited = false
    return false
  }

  /// The watched descriptor for `poll`; a negative one is skipped.
  mutating func sleepOnWatch() -> pollfd {
    polled = watch
    return pollfd(fd: watch?.descriptor ?? -1, events: watch?.events.rawValue ?? 0, revents: 0)
  }

  /// `poll` wakes up for all that is watched by now, and does not look at what no longer may be.
  func isSleepingOnWatch() -> Bool {
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
    isReady = seen.map { $0.revents != 0 } ?? false
    if isReady { isCalled = true }
    if let deadline = watch.deadline, deadline <= now {
      isCalled = true
      self.watch?.deadline = nil
    }
  }
}

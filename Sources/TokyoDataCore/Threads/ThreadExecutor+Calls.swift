internal import Synchronization

/// Calls from other threads: work that needs the actor's isolation for a moment, but no task of its own.
///
/// The actor says what a call does by `serve`. Whoever calls does it on his own thread if the actor has nothing
/// to do, which spares two changes of threads; otherwise whoever is at work does it before he leaves.
extension ThreadExecutor {
  /// Sets what a call does.
  ///
  /// The same happens when the watched descriptor is ready or its deadline passes. It runs in the actor's isolation.
  package func serve(_ attendant: @escaping @Sendable () -> CallState.Expectation) {
    state.withLock { $0.calls.attendant = attendant }
  }

  /// Has the attendant run, after this call began: here and now if the actor is free, else by whoever is at work.
  package func call() {
    if isIsolatingCurrentContext() == true { return attend() }
    guard visit({ attend() }) == nil else { return }
    let wakes = state.withLock { state in
      state.calls.isCalled = true
      // A visitor looks once more before he leaves.
      guard !state.calls.isVisited, state.sleeps else { return false }
      state.sleeps = false
      return true
    }
    if wakes { pipe.wake() }
  }

  /// Runs `body` in the actor's isolation, on the calling thread; nil where the actor is at work.
  ///
  /// For a moment's work that never waits. Not to be called from within the isolation.
  package func visit<Result>(_ body: () -> Result) -> Result? {
    claim.withLockIfAvailable { _ in
      claimant.store(Self.currentThread, ordering: .relaxed)
      defer { claimant.store(0, ordering: .relaxed) }
      state.withLock { $0.calls.isVisited = true }
      let result = body()
      while state.withLock({ $0.calls.continuesVisit() }) { attend() }
      return result
    }
  }

  func attend() {
    guard let attendant = state.withLock({ $0.calls.attendant }) else { return }
    let expectation = attendant()
    state.withLock { $0.calls.expect(expectation) }
  }

  /// Watches a descriptor until told otherwise: the attendant runs whenever it is ready, or at the deadline.
  ///
  /// The descriptor must not be closed while it is watched.
  package func watch(_ watch: Watch?) {
    let wakes = state.withLock { state in
      state.calls.watch = watch
      guard state.sleeps, !state.calls.isAsleepOnWatch else { return false }
      state.sleeps = false
      return true
    }
    if wakes { pipe.wake() }
  }

  /// Has the thread look away from the watched descriptor until `watch` is called again: somebody else reads it.
  package func lookAway() {
    state.withLock { $0.calls.watch = nil }
  }
}

/// A descriptor whose readiness the attendant wants to know, and until when.
package struct Watch: Equatable, Sendable {
  /// −1 for none: then only the deadline counts.
  var descriptor: Int32
  var events: ReadinessEvents
  var deadline: ContinuousClock.Instant?

  package init(descriptor: Int32, events: ReadinessEvents, deadline: ContinuousClock.Instant?) {
    self.descriptor = descriptor
    self.events = events
    self.deadline = deadline
  }
}

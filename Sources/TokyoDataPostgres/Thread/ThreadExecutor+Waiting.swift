internal import Synchronization

extension ThreadExecutor {
  /// A name for a wait to come.
  func makeWaitID() -> WaitID {
    state.withLock { $0.waits.makeID() }
  }

  /// Waits until the descriptor is ready, the deadline passes or the wait is interrupted.
  ///
  /// Without a descriptor (−1) only the other two end it. The descriptor must stay open until then.
  func wait(
    _ id: WaitID, for events: ReadinessEvents, on descriptor: Int32, until deadline: ContinuousClock.Instant?
  ) async -> WaitOutcome {
    await withCheckedContinuation { continuation in
      change { $0.waits.add(id, descriptor, events, until: deadline, continuation) }
    }
  }

  /// Ends a wait, or the one to come of this name; from any thread.
  func interrupt(_ id: WaitID) {
    change { $0.waits.interrupt(id) }
  }

  /// Drops what is remembered of a wait that is over.
  func forget(_ id: WaitID) {
    state.withLock { $0.waits.forget(id) }
  }
}

internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

extension ThreadExecutor {
  /// A name for a wait to come.
  package func makeWaitID() -> WaitID {
    state.withLock { $0.waits.makeID() }
  }

  /// Waits until the descriptor is ready, the deadline passes or the wait is interrupted.
  ///
  /// Without a descriptor (−1) only the other two end it. The descriptor must stay open until then.
  package func wait(
    _ id: WaitID, for events: ReadinessEvents, on descriptor: Int32, until deadline: ContinuousClock.Instant?
  ) async -> WaitOutcome {
    await withCheckedContinuation { continuation in
      change { $0.waits.add(id, descriptor, events, until: deadline, continuation) }
    }
  }

  /// Waits within the running job, as long as no other job wants the thread.
  ///
  /// The thread would sleep in `poll` anyway; this spares the way out of the job and back into it. Nil where
  /// something else is to be done first: then the wait must be a suspension.
  package func waitInJob(
    for events: ReadinessEvents, on descriptor: Int32, until deadline: ContinuousClock.Instant?
  ) -> WaitOutcome? {
    let isFree = state.withLock { state in
      guard state.jobs.isEmpty, state.waits.isEmpty, !state.waits.hasEarly else { return false }
      // Somebody called before the thread slept, perhaps to give this very statement up.
      guard !state.calls.isPending else { return false }
      state.sleeps = true
      return true
    }
    guard isFree else { return nil }
    var polled = (
      pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: events.rawValue, revents: 0)
    )
    let count = withUnsafeMutablePointer(to: &polled) { both in
      both.withMemoryRebound(to: pollfd.self, capacity: 2) { poll($0, 2, WaitList.timeout(until: deadline)) }
    }
    let wasWoken = state.withLock { state in
      defer { state.sleeps = false }
      return !state.sleeps
    }
    if polled.0.revents != 0 { pipe.drain() }
    if count > 0, polled.1.revents != 0 { return .ready }
    if wasWoken || count > 0 { return nil }
    return count == 0 && deadline != nil ? .deadlinePassed : nil
  }

  /// Ends a wait, or the one to come of this name; from any thread.
  package func interrupt(_ id: WaitID) {
    change { $0.waits.interrupt(id) }
  }

  /// Drops what is remembered of a wait that is over.
  package func forget(_ id: WaitID) {
    state.withLock { $0.waits.forget(id) }
  }
}

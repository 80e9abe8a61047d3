internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Runs an actor on a thread of its own, which waits in one place only: `poll` on the descriptors that the
/// actor waits for and on a pipe that is written when jobs arrive, with the nearest deadline as timeout.
///
/// Jobs run on the thread. What needs no task, but only a moment of the actor's isolation, may also run on the
/// thread of whoever calls (`call`), while the actor has nothing to do: `claim` is held by the one that runs.
///
/// All state lies behind mutexes, so the class is Sendable without promises of ours. The owner calls
/// `shutdown` when it is deinitialized, so no job can follow; the thread then ends by itself. The thread
/// keeps the executor alive until it ends.
package final class ThreadExecutor: SerialExecutor, TaskExecutor {
  struct State {
    var jobs: [UnownedJob] = []
    var waits = WaitList()
    var calls = CallState()
    /// The thread is in `poll`, or on its way there, and nobody has woken it yet.
    var sleeps = false
    var isShutDown = false
    var hasEnded = false
  }

  let state = Mutex(State())
  /// Held by the thread while it runs jobs, and by whoever else runs the actor's code.
  let claim = Mutex(())
  /// The thread that has the claim, as a number; 0 for none.
  let claimant = Atomic<UInt>(0)
  let pipe: WakePipe

  /// Makes an executor and starts its thread.
  ///
  /// - Throws: `unavailable` where the process gets no thread or descriptor.
  package init() throws(TokyoDataError) {
    pipe = try WakePipe()
    guard DetachedThread.start({ self.loop() }) else {
      throw TokyoDataError(.unavailable, "no thread left for a connection")
    }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    change { state in
      precondition(!state.hasEnded, "a job came after its executor's owner was gone")
      state.jobs.append(job)
    }
  }

  /// Lets the thread run what it has, then end; may be called from any thread, more than once.
  package func shutdown() {
    change { $0.isShutDown = true }
  }

  package func isIsolatingCurrentContext() -> Bool? {
    claimant.load(ordering: .relaxed) == Self.currentThread
  }

  package func checkIsolated() {
    precondition(isIsolatingCurrentContext() == true, "outside of the connection's isolation")
  }

  /// The calling thread, as a number that no other living thread has.
  static var currentThread: UInt {
    #if canImport(Glibc)
      UInt(pthread_self())
    #else
      UInt(bitPattern: pthread_self())
    #endif
  }

  /// Changes the state and wakes the thread if it sleeps.
  func change(_ body: (inout sending State) -> Void) {
    let wakes = state.withLock { state in
      body(&state)
      defer { state.sleeps = false }
      return state.sleeps
    }
    if wakes { pipe.wake() }
  }
}

// MARK: - The thread

extension ThreadExecutor {
  private func loop() {
    var polled: [pollfd] = []
    while let timeout = prepareToSleep(&polled) {
      var count: Int32 = 0
      if timeout == Self.nap {
        // Answers come faster than a thread is put to sleep and woken: then they are read many at a time.
        usleep(20)
      } else if timeout != 0 || polled.count > 1 {
        // Jobs alone need no system call; with descriptors about, they are looked at between batches.
        count = poll(&polled, nfds_t(polled.count), timeout)
      }
      if count > 0, polled[0].revents != 0 { pipe.drain() }
      claim.withLock { _ in
        claimant.store(Self.currentThread, ordering: .relaxed)
        settle(count > 0 ? polled : [])
        run()
        claimant.store(0, ordering: .relaxed)
      }
    }
  }

  /// Stands for a moment's sleep that nothing ends early, after which the attendant runs.
  private static let nap = Int32.min

  /// What `poll` is to look at, and for how long; nil where the thread shall end.
  private func prepareToSleep(_ polled: inout [pollfd]) -> Int32? {
    polled.removeAll(keepingCapacity: true)
    polled.append(pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0))
    return state.withLock { state in
      if state.isShutDown, state.jobs.isEmpty, state.waits.isEmpty {
        state.hasEnded = true
        return nil
      }
      polled.append(state.calls.sleepOnWatch())
      state.waits.describe(into: &polled)
      guard state.jobs.isEmpty, !state.calls.isPending else { return 0 }
      if state.calls.takeNap() { return Self.nap }
      state.sleeps = true
      let now = ContinuousClock.now
      return WaitList.sooner(state.waits.timeout(at: now), state.calls.timeout(at: now))
    }
  }

  /// Runs what there is to run, until there is nothing more.
  private func run() {
    while true {
      let (jobs, isCalled) = state.withLock { state in
        defer { state.jobs = [] }
        return (state.jobs, state.calls.take())
      }
      if isCalled { attend() }
      if jobs.isEmpty, !isCalled { return }
      for job in jobs {
        job.runSynchronously(
          isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      }
    }
  }

  /// Resumes the waits that are ready, late or interrupted.
  private func settle(_ polled: [pollfd]) {
    let resumed = state.withLock { state in
      state.sleeps = false
      let now = ContinuousClock.now
      state.calls.settle(polled.dropFirst().first, at: now)
      return state.waits.settle(polled.dropFirst(2), at: now)
    }
    for (continuation, outcome) in resumed { continuation.resume(returning: outcome) }
  }
}

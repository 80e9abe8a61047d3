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
/// All state lies behind one mutex, so the class is Sendable without promises of ours. The owner calls
/// `shutdown` when it is deinitialized, so no job can follow; the thread then ends by itself. The thread
/// keeps the executor alive until it ends.
final class ThreadExecutor: SerialExecutor, TaskExecutor {
  struct State {
    var jobs: [UnownedJob] = []
    var waits = WaitList()
    var thread: pthread_t?
    /// The thread is in `poll`, or on its way there, and nobody has woken it yet.
    var sleeps = false
    var isShutDown = false
    var hasEnded = false
  }

  let state = Mutex(State())
  let pipe: WakePipe

  /// Makes an executor and starts its thread.
  ///
  /// - Throws: `PostgresError.outOfResources` where the process gets no thread or descriptor.
  init() throws(PostgresError) {
    pipe = try WakePipe()
    let me = Unmanaged.passRetained(self)
    guard Self.startThread(with: me.toOpaque()) else {
      me.release()
      throw PostgresError(.outOfResources, "no thread left for a connection")
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    change { state in
      precondition(!state.hasEnded, "a job came after its executor's owner was gone")
      state.jobs.append(job)
    }
  }

  /// Lets the thread run what it has, then end; may be called from any thread, more than once.
  func shutdown() {
    change { $0.isShutDown = true }
  }

  func isIsolatingCurrentContext() -> Bool? {
    state.withLock { state in state.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
  }

  func checkIsolated() {
    precondition(isIsolatingCurrentContext() == true, "not on the connection's thread")
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
  /// Starts a detached thread that runs `loop` and then gives up its reference to the executor.
  private static func startThread(with argument: UnsafeMutableRawPointer) -> Bool {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(&thread, nil, threadMain, argument)
    guard status == 0 else { return false }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
    return true
  }

  fileprivate func loop() {
    state.withLock { $0.thread = pthread_self() }
    var polled: [pollfd] = []
    while true {
      let jobs = state.withLock { state in
        defer { state.jobs = [] }
        return state.jobs
      }
      for job in jobs {
        job.runSynchronously(
          isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      }
      polled.removeAll(keepingCapacity: true)
      polled.append(pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0))
      let timeout: Int32? = state.withLock { state in
        if state.isShutDown, state.jobs.isEmpty, state.waits.isEmpty {
          state.hasEnded = true
          return nil
        }
        state.waits.describe(into: &polled)
        let timeout = state.jobs.isEmpty ? state.waits.timeout(at: .now) : 0
        state.sleeps = timeout != 0
        return timeout
      }
      guard let timeout else { return }
      // Jobs alone need no system call; with descriptors about, they are looked at between batches.
      if timeout == 0, polled.count == 1 {
        settle([])
        continue
      }
      let count = poll(&polled, nfds_t(polled.count), timeout)
      if count > 0, polled[0].revents != 0 { pipe.drain() }
      settle(count > 0 ? polled : [])
    }
  }

  /// Resumes the waits that are ready, late or interrupted.
  private func settle(_ polled: [pollfd]) {
    let resumed = state.withLock { state in
      state.sleeps = false
      return state.waits.settle(polled.dropFirst(), at: .now)
    }
    for (continuation, outcome) in resumed { continuation.resume(returning: outcome) }
  }
}

#if canImport(Darwin)
  private func threadMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    Unmanaged<ThreadExecutor>.fromOpaque(argument).takeRetainedValue().loop()
    return nil
  }
#else
  private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<ThreadExecutor>.fromOpaque(argument).takeRetainedValue().loop() }
    return nil
  }
#endif

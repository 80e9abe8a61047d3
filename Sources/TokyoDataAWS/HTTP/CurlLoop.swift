internal import Synchronization
internal import TokyoDataCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The way from tasks to the transport's thread: orders, and the call that wakes it.
///
/// The thread keeps the loop alive until it ends, which it does after `close`.
final class CurlLoop: Sendable {
  enum Order {
    case begin(Exchange)
    case remove(Exchange)
    /// The reader has caught up.
    case receive(Exchange)
    /// The producer has brought a piece.
    case send(Exchange)
  }

  private struct State {
    var orders: [Order] = []
    /// There while the thread may poll its multi handle.
    var waker: MultiWaker?
    /// The thread polls, or is on its way there, and nobody has woken it yet.
    var sleeps = false
    var isStarted = false
    var isClosed = false
    /// The thread takes no orders any more.
    var hasEnded = false
    /// And has let go of everything.
    var isOver = false
    var closers: [CheckedContinuation<Void, Never>] = []

    mutating func wake() {
      guard sleeps else { return }
      sleeps = false
      waker?.wake()
    }
  }

  private let state = Mutex(State())
  let configuration: CurlConfiguration
  /// Transfers that libcurl knows of.
  let running = Atomic(0)
  /// Those of connections that are kept for later included.
  let sockets = OpenSockets()

  init(_ configuration: CurlConfiguration) {
    self.configuration = configuration
  }

  /// Gives a new transfer to the thread, which starts with the first one.
  ///
  /// - Throws: `HTTPError.closed`, `HTTPError.outOfResources`.
  func begin(_ exchange: Exchange) throws(HTTPError) {
    try state.withLock { state throws(HTTPError) in
      guard !state.isClosed else { throw HTTPError(.closed) }
      guard state.isStarted || DetachedThread.start({ self.run() }) else { throw HTTPError(.outOfResources) }
      state.isStarted = true
      state.orders.append(.begin(exchange))
      state.wake()
    }
  }

  /// Has no effect once the thread has ended: then it has let go of every transfer.
  func order(_ order: Order) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      state.orders.append(order)
      state.wake()
    }
  }

  /// Lets the thread end; what runs fails.
  ///
  /// May be called from any thread, more than once.
  func close() {
    state.withLock { state in
      state.isClosed = true
      if !state.isStarted { (state.hasEnded, state.isOver) = (true, true) }
      state.wake()
    }
  }

  /// Returns when the thread has let go of everything.
  func waitForEnd() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.closers.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }
}

// MARK: - The thread's side

extension CurlLoop {
  /// From now on orders wake the thread.
  func isPolled(by waker: MultiWaker) {
    state.withLock { $0.waker = waker }
  }

  /// What is to be done; nil once the transport was closed.
  func takeOrders() -> [Order]? {
    state.withLock { state in
      state.sleeps = false
      guard !state.isClosed else { return nil }
      defer { state.orders = [] }
      return state.orders
    }
  }

  /// True where the thread may sleep: whoever orders something from now on wakes it.
  func fallAsleep() -> Bool {
    state.withLock { state in
      state.sleeps = state.orders.isEmpty && !state.isClosed
      return state.sleeps
    }
  }

  /// The last orders, before the thread lets go of its handles: none follow, and nobody wakes it.
  func takeLastOrders() -> [Order] {
    state.withLock { state in
      (state.isClosed, state.hasEnded, state.waker, state.sleeps) = (true, true, nil, false)
      defer { state.orders = [] }
      return state.orders
    }
  }

  /// Tells those who wait for it that the thread has let go of everything.
  func end() {
    let closers = state.withLock { state in
      state.isOver = true
      defer { state.closers = [] }
      return state.closers
    }
    for closer in closers { closer.resume() }
  }

  private func run() {
    // Signals are the business of the process's other threads; a broken pipe must not end it.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    CurlDriver.run(self)
    end()
  }
}

internal import Logging
internal import Synchronization

/// The shell around `PoolState`: carries out its actions with real connections, tasks and clocks.
///
/// All state lies behind one mutex, held for no longer than an event takes. Connections are opened and
/// checked by tasks of their own, which no caller's cancellation ends; closing is awaited by whoever caused
/// it.
final class ConnectionPool<Connection: PooledConnection>: Sendable {
  typealias ID = ObjectIdentifier

  /// What a waiting task is told.
  enum Answer: Sendable {
    case connection(Connection)
    case failure(any Error)
  }

  /// What becomes of a lease at its beginning.
  enum Start: Sendable {
    case granted(PoolRequest, Connection)
    case waits(PoolRequest)
    case refused(any Error)
  }

  struct State {
    var pool: PoolState<ID>
    var connections: [ID: Connection] = [:]
    var continuations: [PoolRequest: CheckedContinuation<Answer, Never>] = [:]
    /// What waiters were told before their continuation stood.
    var early: [PoolRequest: Answer] = [:]
    var timer: (due: PoolMoment, task: Task<Void, Never>)?
    var attempts: [UInt64: Task<Void, Never>] = [:]
    var lastAttempt: UInt64 = 0
    var lastError: (any Error)?
    var finishers: [CheckedContinuation<Void, Never>] = []
    var shutdownHooks: [@Sendable () -> Void] = []
    var shownCounts: PoolCounts?
  }

  let configuration: PostgresPoolConfiguration
  let clock: PoolClock
  let metrics: PoolMetrics
  let logger: Logger
  let open: @Sendable () async throws -> Connection
  let state: Mutex<State>

  init(
    _ configuration: PostgresPoolConfiguration, clock: any Clock<Duration>, metrics: PoolMetrics,
    logger: Logger, seed: UInt64 = .random(in: .min ... .max),
    open: @escaping @Sendable () async throws -> Connection
  ) {
    self.configuration = configuration.clamped
    self.clock = PoolClock(clock)
    self.metrics = metrics
    self.logger = logger.with(.poolName, configuration.name)
    self.open = open
    state = Mutex(State(pool: PoolState(configuration, seed: seed)))
  }

  deinit { state.withLock { $0.timer?.task.cancel() } }

  // MARK: Leases

  /// Lends a connection for the length of `body`.
  func withConnection<Result>(
    until deadline: ContinuousClock.Instant? = nil, _ body: (Connection) async throws -> Result
  ) async throws -> Result {
    let connection = try await lease(until: deadline)
    let start = clock.now()
    do {
      let result = try await body(connection)
      await endLease(of: connection, since: start)
      return result
    } catch {
      await endLease(of: connection, since: start)
      throw error
    }
  }

  private func endLease(of connection: Connection, since start: PoolMoment) async {
    metrics.noteLeaseEnded(after: clock.now() - start)
    await giveBack(connection)
  }

  /// Leases a connection until `giveBack`.
  func lease() async throws -> Connection {
    try Task.checkCancellation()
    let begin = clock.now()
    let start = await handle { state, now in
      let (lease, actions) = state.pool.lease(at: now)
      return (self.start(lease, state), actions)
    }
    return try await fitConnection(for: start, since: begin)
  }

  /// Leases a connection if one is idle or can be opened and nobody waits; nil otherwise.
  ///
  /// Of several that ask at the same moment only as many get one as there are.
  func leaseIfFree() async throws -> Connection? {
    try Task.checkCancellation()
    let begin = clock.now()
    let start = await handle { state, now in
      guard state.pool.hasRoom(at: now) else { return (nil as Start?, []) }
      let (lease, actions) = state.pool.lease(at: now)
      return (self.start(lease, state), actions)
    }
    guard let start else { return nil }
    return try await fitConnection(for: start, since: begin)
  }

  /// The connection of a lease that has begun, or another one where it has died meanwhile.
  private func fitConnection(for start: Start, since begin: PoolMoment) async throws -> Connection {
    var start = start
    while true {
      let (request, connection) = try await connection(for: start)
      if await connection.isFit(within: configuration.healthCheckTimeout) {
        metrics.noteLease(after: clock.now() - begin)
        return connection
      }
      start = await handle { state, now in
        let (lease, actions) = state.pool.retry(request, insteadOf: ID(connection), at: now)
        return (self.start(lease, state), actions)
      }
    }
  }

  func giveBack(_ connection: Connection) async {
    let isReusable = await connection.isAtRest
    await handle { state, now in
      ((), state.pool.giveBack(ID(connection), isReusable: isReusable, at: now))
    }
  }

  private func start(_ lease: PoolState<ID>.Lease, _ state: State) -> Start {
    switch lease {
    case .granted(let request, let id):
      if let connection = state.connections[id] {
        return .granted(request, connection)
      }
      return .refused(PostgresError(.closed, "the pool lost a connection"))
    case .waits(let request): return .waits(request)
    case .refused(let failure): return .refused(error(for: failure, state))
    }
  }

  private func connection(for start: Start) async throws -> (PoolRequest, Connection) {
    switch start {
    case .granted(let request, let connection): return (request, connection)
    case .refused(let error): throw error
    case .waits(let request):
      switch await wait(for: request) {
      case .connection(let connection): return (request, connection)
      case .failure(let error): throw error
      }
    }
  }

  private func wait(for request: PoolRequest) async -> Answer {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let early = state.withLock { state -> Answer? in
          if let answer = state.early.removeValue(forKey: request) { return answer }
          state.continuations[request] = continuation
          return nil
        }
        if let early { continuation.resume(returning: early) }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
        guard state.pool.cancel(request) else { return nil }
        showCounts(&state)
        return state.answer(request, .failure(CancellationError()))
      }
      continuation?.resume(returning: .failure(CancellationError()))
    }
  }

  /// What a refusal means to the caller.
  func error(for failure: PoolFailure, _ state: State) -> any Error {
    metrics.noteFailure(failure)
    switch failure {
    case .shutDown: return PostgresError(.closed, "the pool is closed")
    case .tooManyWaiters:
      return PostgresError(.tooManyWaiters, "too many tasks wait for a connection of the pool")
    case .exhausted: return PostgresError(.poolExhausted, "no connection of the pool became free in time")
    case .connectionFailed:
      if let error = state.lastError as? PostgresError, error.code == .connectionFailed { return error }
      let reason = (state.lastError as? PostgresError).map { ": \($0)" } ?? ""
      return PostgresError(
        .connectionFailed, "no session could be opened\(reason)", cause: state.lastError)
    }
  }
}

extension ConnectionPool.State {
  /// The continuation to resume, or nil where the waiter will find its answer itself.
  mutating func answer(
    _ request: PoolRequest, _ answer: ConnectionPool.Answer
  ) -> CheckedContinuation<ConnectionPool.Answer, Never>? {
    if let continuation = continuations.removeValue(forKey: request) { return continuation }
    early[request] = answer
    return nil
  }
}

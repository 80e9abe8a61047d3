public import Logging
internal import Metrics
internal import Synchronization

/// A bounded set of connections, opened when they are first needed and lent to one task at a time.
///
/// Who finds all of them lent waits in line, strictly in order, until the lease times out. Connections that
/// come back broken or inside a transaction, grew old or died are closed and replaced. While the server
/// cannot be reached one attempt to connect is made at a time, after longer and longer pauses, and tasks
/// stay in line; a pool that has not reached its server yet tells them at once instead.
public final class PostgresConnectionPool: Sendable {
  /// How connections are opened.
  public let configuration: PostgresConfiguration
  private let pool: ConnectionPool<PostgresConnection>

  /// Makes a pool; no connection is opened before the first lease or `keep()`.
  ///
  /// `logger` is told about connections, without hosts or secrets. Waits and limits go by `clock`.
  public convenience init(
    _ configuration: PostgresConfiguration,
    pool: PostgresPoolConfiguration = PostgresPoolConfiguration(), logger: Logger? = nil,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.init(configuration, pool: pool, logger: logger, clock: clock, factory: MetricsSystem.factory)
  }

  init(
    _ configuration: PostgresConfiguration, pool: PostgresPoolConfiguration, logger: Logger? = nil,
    clock: any Clock<Duration> = ContinuousClock(), factory: any MetricsFactory
  ) {
    self.configuration = configuration
    self.pool = ConnectionPool(
      pool, clock: clock, metrics: PoolMetrics(pool.clamped, factory: factory), logger: logger ?? .silent,
      open: { try await PostgresConnection.connect(configuration) })
  }

  /// How connections are kept.
  public var poolConfiguration: PostgresPoolConfiguration { pool.configuration }

  /// Lends a connection for the length of `body`, which runs where the caller does.
  ///
  /// - Throws: what `body` throws; `PostgresError.poolExhausted` when none became free in time,
  ///   `.connectionFailed` while the server cannot be reached, `.tooManyWaiters` beyond the limit, `.closed`
  ///   after `close()`; `CancellationError` when canceled while waiting, which takes only this task out of
  ///   the line.
  public func withConnection<Result>(
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    try await pool.withConnection(body)
  }

  /// The same with an end to the wait in line, which throws `PostgresError.deadlineExceeded`.
  func withConnection<Result>(
    until deadline: ContinuousClock.Instant?, _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    try await pool.withConnection(until: deadline, body)
  }

  /// Opens the minimum of connections and keeps all young and healthy until the pool is closed.
  ///
  /// Without it, connections are looked after when they are lent and given back.
  public func keep() async { await pool.keep() }

  /// Closes what is idle and, when they come back, the connections that are lent; waiting tasks throw.
  public func close() async { await pool.close() }

  /// Closes as `close()` does, and waits for the connections that are lent, at most so long.
  ///
  /// Those that have not come back by then are closed under whoever has them: their statements throw
  /// `PostgresError.connectionLost` or `.closed`. A canceled task does not wait.
  public func shutDown(within limit: Duration) async { await pool.shutDown(within: limit) }
}

/// Connections that many tasks share: they count toward the maximum, but the pool knows only one holder.
extension PostgresConnectionPool {
  /// Leases a connection for sharing, in line with all other leases.
  ///
  /// - Throws: as `withConnection`.
  func leaseForSharing() async throws -> PostgresConnection { try await pool.lease() }

  /// The same where a connection is idle or can be opened and nobody waits, otherwise nil.
  func leaseForSharingIfFree() async throws -> PostgresConnection? { try await pool.leaseIfFree() }

  /// Ends such a lease; the connection goes to the next in line, or is closed where it is not reusable.
  func giveBackShared(_ connection: PostgresConnection) async { await pool.giveBack(connection) }

  /// The pool needs the connection for others, or is to close it: give it back when it is quiet.
  func wantsBack(_ connection: PostgresConnection) -> Bool { pool.wantsBack(connection) }

  /// Connections and leases at present; those that wait are a reason to give back a shared connection that
  /// has little to do.
  var counts: PoolCounts { pool.counts }
  /// Whoever wants a connection now must wait for one.
  var isFull: Bool { pool.isFull }
  /// Attempts to connect that failed in a row.
  var failures: Int { pool.failures }
  /// No new lease is granted.
  var isShutDown: Bool { pool.isShutDown }

  /// Runs `hook` once when the pool shuts down: shared connections must then be given back.
  func whenShutDown(_ hook: @escaping @Sendable () -> Void) { pool.whenShutDown(hook) }
}

extension ConnectionPool {
  var counts: PoolCounts { state.withLock { $0.pool.counts } }
  var failures: Int { state.withLock { $0.pool.failures } }
  var isShutDown: Bool { state.withLock { $0.pool.isShutDown } }

  var isFull: Bool { state.withLock { $0.pool.isFull } }

  func wantsBack(_ connection: Connection) -> Bool {
    let now = clock.now()
    return state.withLock { state in
      state.pool.isFull || state.pool.isShutDown || state.pool.isRetired(ID(connection), at: now)
    }
  }
}

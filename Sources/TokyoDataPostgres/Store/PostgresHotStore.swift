public import Logging
internal import TokyoDataCore

/// The hot store in PostgreSQL: rows in the application's own tables, the ledger in schema `tokyo_data`.
///
/// It works as constructed: connections open on first use. Tables become datasets by `install`, which the
/// tables' owner runs once; all else needs the usual privileges on the tables and on `tokyo_data`. As a
/// `Service` it keeps its connections young and healthy, and shuts down gracefully.
public struct PostgresHotStore: Sendable {
  let pool: PostgresConnectionPool
  let shared: SharedConnections
  let knownLedgerID = KnownLedgerID()
  let known = KnownDatasets()
  let targets = WriteTargets()
  let notificationHub: NotificationHub

  /// A short name for plans and errors.
  public var name: String { "postgres" }

  /// Makes a store on the server of a libpq connection string; empty for the environment's.
  public init(_ connectionString: String = "") {
    self.init(PostgresConfiguration(connectionString))
  }

  /// Makes a store on a configured server, with connections kept as `pool` says.
  ///
  /// `logger` is told about work in the background: connections opened, closed and refused, without hosts or
  /// secrets. Waits and limits of connections go by `clock`.
  public init(
    _ configuration: PostgresConfiguration,
    pool: PostgresPoolConfiguration = PostgresPoolConfiguration(), logger: Logger? = nil,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.pool = PostgresConnectionPool(configuration, pool: pool, logger: logger, clock: clock)
    shared = SharedConnections(self.pool, limit: min(pool.sharedConnections, pool.maximumConnections))
    notificationHub = NotificationHub(configuration)
  }

  /// Makes a store on a configured server that opens at most so many connections.
  public init(_ configuration: PostgresConfiguration, maximumConnections: Int) {
    self.init(configuration, pool: PostgresPoolConfiguration(maximumConnections: maximumConnections))
  }

  /// Ends all sessions: idle ones now, others when whoever has them is done; no new call gets one.
  public func close() async {
    notificationHub.close()
    await pool.close()
  }

  /// Lends a session for the length of `body`, which runs on the session's own thread where its caller is not
  /// isolated, so that a statement after the other goes to the server without a change of threads.
  ///
  /// - Throws: what `body` throws; `TokyoDataError` where no session is to be had.
  public func withConnection<Result>(
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    try await withConnection("connection") { connection in try await body(connection) }
  }

  /// Runs `body` on a leased connection, with errors in the SDK's terms.
  func withConnection<Result>(
    _ operation: String, of dataset: DatasetName? = nil, until deadline: ContinuousClock.Instant? = nil,
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    try await translating(operation, of: dataset) {
      await shared.makeRoom()
      return try await pool.withConnection(until: deadline) { connection in
        // Where the caller has no executor of its own, its statements need no change of threads.
        try await withTaskExecutorPreference(connection.executor) { try await body(connection) }
      }
    }
  }
}

/// Runs `body` and turns what PostgreSQL says into the SDK's terms.
func translating<Result>(
  _ operation: String, of dataset: DatasetName? = nil, _ body: () async throws -> Result
) async throws -> Result {
  let context = TokyoDataError.Context(store: "postgres", operation: operation, dataset: dataset)
  do { return try await body() } catch let error as TokyoDataError {
    throw error.adding(context)
  } catch let error as PostgresError {
    throw TokyoDataError(error, context: context)
  } catch let error as ColumnError {
    throw TokyoDataError(error, context: context)
  }
}

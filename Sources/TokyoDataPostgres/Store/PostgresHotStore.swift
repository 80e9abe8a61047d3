internal import TokyoDataCore

/// The hot store in PostgreSQL: rows in the application's own tables, the ledger in schema `tokyo_data`.
///
/// It works as constructed: connections open on first use. Tables become datasets by `install`, which the
/// tables' owner runs once; all else needs the usual privileges on the tables and on `tokyo_data`.
public struct PostgresHotStore: Sendable {
  let pool: PostgresConnectionPool
  let coverages = CoverageCache()
  let notificationHub: NotificationHub

  /// A short name for plans and errors.
  public var name: String { "postgres" }

  /// Makes a store on the server of a libpq connection string; empty for the environment's.
  public init(_ connectionString: String = "") {
    self.init(PostgresConfiguration(connectionString))
  }

  /// Makes a store on a configured server.
  public init(_ configuration: PostgresConfiguration, maximumConnections: Int = 16) {
    pool = PostgresConnectionPool(configuration, limit: maximumConnections)
    notificationHub = NotificationHub(configuration)
  }

  /// Ends all sessions.
  public func close() async {
    notificationHub.close()
    await pool.close()
  }

  /// Runs `body` on a leased connection, with errors in the SDK's terms.
  func withConnection<Result>(
    _ operation: String, of dataset: DatasetName? = nil,
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    try await translating(operation, of: dataset) {
      try await pool.withConnection { connection in try await body(connection) }
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

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

/// The sessions that the pooler has with a database's server.
struct PooledSessions {
  let database: TestDatabase

  init(_ database: TestDatabase) { self.database = database }

  /// The database through the pooler.
  func configuration() throws -> PostgresConfiguration {
    try TestService.pooler.configuration(with: ["dbname": database.name])
  }

  /// Lends a connection to the pooler.
  func withConnection<Result>(_ body: (PostgresConnection) async throws -> Result) async throws -> Result {
    try await TestServer.withConnection(by: configuration(), body)
  }

  /// Makes the pooler open as many sessions, which it then uses in turn: so many transactions at once.
  func open(_ count: Int) async throws {
    guard count > 0 else { return }
    try await withConnection { connection in
      try await connection.withTransaction { transaction in
        try await transaction.execute("SELECT 1")
        try await open(count - 1)
      }
    }
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

/// The server without TLS that `Tests/run` starts, which most tests use.
enum TestServer {
  static func configuration() throws -> PostgresConfiguration { try TestService.plain.configuration() }

  /// Lends a connection that is closed whatever happens.
  static func withConnection<Result>(
    statementTimeout: Duration? = nil, cancelsOverSession: Bool = false,
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    var configuration = try configuration()
    configuration.statementTimeout = statementTimeout
    configuration.cancelsOverSession = cancelsOverSession
    return try await withConnection(by: configuration, body)
  }

  /// Lends a connection that is closed whatever happens.
  static func withConnection<Result>(
    by configuration: PostgresConfiguration, _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    let connection = try await PostgresConnection.connect(configuration)
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Waits until the server says so, a connection of its own looking on; no clock decides.
  static func until(_ condition: PostgresStatement, on observer: PostgresConnection) async throws {
    while try await observer.query("SELECT (\(condition))::bool").row(0) != [.bool(true)] {
      try Task.checkCancellation()
    }
  }
}

/// The code of the `PostgresError` that `body` throws, or nil.
func code(
  of body: () async throws -> Void
) async -> PostgresError.Code? {
  do {
    try await body()
    return nil
  } catch { return (error as? PostgresError)?.code }
}

import Foundation
import Testing

@testable import TokyoDataPostgres

/// What `Tests/run` starts, by the variable that says where it is; an unset one is a failure.
enum TestService: String, CaseIterable, Sendable {
  /// PostgreSQL without TLS and passwords.
  case plain = "TOKYO_TEST_POSTGRES_URL"
  /// PostgreSQL that takes TLS and SCRAM only.
  case tls = "TOKYO_TEST_POSTGRES_TLS_URL"
  /// PgBouncer in transaction mode.
  case pooler = "TOKYO_TEST_PGBOUNCER_URL"
  /// The server behind the pooler.
  case pooledServer = "TOKYO_TEST_PGBOUNCER_SERVER_URL"

  struct Missing: Error, CustomStringConvertible {
    var variable: String
    var description: String { "\(variable) is not set: run Tests/run" }
  }

  static func variable(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
      throw Missing(variable: name)
    }
    return value
  }

  func configuration() throws -> PostgresConfiguration {
    var configuration = PostgresConfiguration(try Self.variable(rawValue))
    configuration.isBehindTransactionPooler = self == .pooler
    return configuration
  }

  /// The service as it is with parts of its connection string replaced.
  func configuration(with changes: [String: String]) throws -> PostgresConfiguration {
    var configuration = try configuration()
    configuration.overrides = changes.map { ($0.key, $0.value) }
    return configuration
  }

  /// The service without the pooler before it.
  var server: TestService { self == .pooler ? .pooledServer : self }

  /// The parts of the URL, for tests that put a connection string together themselves.
  func address() throws -> (host: String, port: Int, user: String, password: String) {
    let components = URLComponents(string: try Self.variable(rawValue))
    let host = try #require(components?.host)
    let port = try #require(components?.port)
    return (host, port, components?.user ?? "", components?.password ?? "")
  }

  /// Lends a connection that is closed whatever happens.
  func withConnection<Result>(_ body: (PostgresConnection) async throws -> Result) async throws -> Result {
    try await TestServer.withConnection(by: configuration(), body)
  }
}

extension TestService: CustomTestStringConvertible {
  var testDescription: String {
    switch self {
    case .plain: "without TLS"
    case .tls: "over TLS"
    case .pooler: "through PgBouncer"
    case .pooledServer: "behind PgBouncer"
    }
  }
}

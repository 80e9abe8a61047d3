import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

/// A database of its own for one test, so that tests run side by side; dropped whatever happens.
struct TestDatabase: Sendable {
  let name: String
  let service: TestService
  /// The database on its server, whatever stands between the server and the store.
  let configuration: PostgresConfiguration
  let store: PostgresHotStore

  static func with<Result>(
    on service: TestService = .plain, _ body: (TestDatabase) async throws -> Result
  ) async throws -> Result {
    await DatabaseSlots.shared.take()
    do {
      let result = try await inOwnDatabase(service, body)
      await DatabaseSlots.shared.giveBack()
      return result
    } catch {
      await DatabaseSlots.shared.giveBack()
      throw error
    }
  }

  private static func inOwnDatabase<Result>(
    _ service: TestService, _ body: (TestDatabase) async throws -> Result
  ) async throws -> Result {
    let name = "tokyo_test_\(UInt64.random(in: .min ... .max))"
    _ = try await service.server.withConnection {
      // A collation that is not that of bytes: where a COLLATE "C" is forgotten, the order differs.
      try await $0.execute(
        """
        CREATE DATABASE \(identifier: name) TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'
        """)
    }
    let database = TestDatabase(
      name: name, service: service, configuration: try service.server.configuration(with: ["dbname": name]),
      store: PostgresHotStore(try service.configuration(with: ["dbname": name]), maximumConnections: 8))
    do {
      let result = try await body(database)
      try await database.drop()
      return result
    } catch {
      try? await database.drop()
      throw error
    }
  }

  private func drop() async throws {
    await store.close()
    _ = try await service.server.withConnection {
      try await $0.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
    }
  }

  /// Lends a connection of its own to what tests play: an application, an administrator, an observer.
  func withConnection<Result>(
    _ body: (PostgresConnection) async throws -> Result
  ) async throws -> Result {
    try await TestServer.withConnection(by: configuration, body)
  }

  /// Runs statements that an application or administrator would run.
  func execute(_ script: PostgresStatement) async throws {
    try await withConnection { try await $0.execute(script: script) }
  }

  /// The only value of the only row of a query.
  func value(_ statement: PostgresStatement) async throws -> ColumnValue {
    try await withConnection { try await $0.query(statement).row(0)[0] }
  }

  /// The UTC date by the server's clock.
  func today() async throws -> Day {
    guard case .date(let day) = try await value("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date") else {
      throw PostgresError(.protocolViolation, "the server told no date")
    }
    return day
  }

  /// Creates an empty table with a dataset's columns and primary key.
  func createTable(of dataset: Dataset) async throws {
    var lines = dataset.schema.fields.map { field -> PostgresStatement in
      let nullability = field.isNullable ? "" : " NOT NULL"
      return "\(identifier: field.name) \(unescaped: Self.typeName(field.type) + nullability)"
    }
    if !dataset.primaryKey.isEmpty {
      let key = dataset.primaryKey.map { name -> PostgresStatement in "\(identifier: name)" }
      lines.append("PRIMARY KEY (\(.joining(key, separator: ", ")))")
    }
    try await execute("CREATE TABLE \(identifier: "\(dataset.name)") (\(.joining(lines, separator: ", ")))")
  }

  private static func typeName(_ type: ColumnType) -> String {
    switch type {
    case .bool: "boolean"
    case .int16: "smallint"
    case .int32: "integer"
    case .int64: "bigint"
    case .float: "real"
    case .double: "double precision"
    case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
    case .bytes: "bytea"
    case .date: "date"
    case .timestamp: "timestamptz"
    case .localTimestamp: "timestamp"
    default: "text"
    }
  }
}

extension TestDatabase {
  /// What the conformance cases test; `store` keeps its own type for the other tests.
  struct Fixture: HotStoreFixture {
    let database: TestDatabase
    var store: any CompleteHotStore { database.store }

    func install(_ dataset: Dataset) async throws {
      try await database.createTable(of: dataset)
      try await database.store.install(dataset)
    }

    func today() async throws -> Day { try await database.today() }
  }
}

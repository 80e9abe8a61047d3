/// The calls of Glue on the tables of one database.
struct GlueClient: Sendable {
  let client: AWSClient
  let database: String

  func createDatabase() async throws {
    struct Input: Encodable {
      struct Database: Encodable { var name: String }
      var databaseInput: Database
    }
    let _: EmptyAnswer = try await client.call(.createDatabase, Input(databaseInput: .init(name: database)))
  }

  /// Whether the database is there.
  func hasDatabase() async throws -> Bool {
    struct Input: Encodable { var name: String }
    let answer: EmptyAnswer? = try await unlessMissing {
      try await client.call(.getDatabase, Input(name: database))
    }
    return answer != nil
  }

  /// A table; nil where it, or the database, is not there.
  func table(_ name: String) async throws -> GlueTable? {
    struct Input: Encodable { var databaseName, name: String }
    struct Output: Decodable { var table: GlueTable }
    let answer: Output? = try await unlessMissing {
      try await client.call(.getTable, Input(databaseName: database, name: name))
    }
    return answer?.table
  }

  func createTable(_ table: GlueTable, indexes: [GluePartitionIndex] = []) async throws {
    struct Input: Encodable {
      var databaseName: String
      var tableInput: GlueTable
      var partitionIndexes: [GluePartitionIndex]?
    }
    let _: EmptyAnswer = try await client.call(
      .createTable,
      Input(
        databaseName: database, tableInput: table.input, partitionIndexes: indexes.isEmpty ? nil : indexes))
  }

  /// Changes a table that is still the version that `table` was read as.
  ///
  /// The old version is not kept: an account may have so many of them and no more.
  func updateTable(_ table: GlueTable) async throws {
    struct Input: Encodable {
      var databaseName: String
      var tableInput: GlueTable
      var versionId: String?
      var skipArchive = true
    }
    let _: EmptyAnswer = try await client.call(
      .updateTable,
      Input(databaseName: database, tableInput: table.input, versionId: table.versionId))
  }

  func deleteTable(_ name: String) async throws {
    struct Input: Encodable { var databaseName, name: String }
    let _: EmptyAnswer? = try await unlessMissing {
      try await client.call(.deleteTable, Input(databaseName: database, name: name))
    }
  }

  /// The ids of a table's versions.
  func tableVersions(_ name: String) async throws -> [String] {
    struct Input: Encodable {
      var databaseName, tableName: String
      var maxResults = 100
      var nextToken: String?
    }
    struct Output: Decodable {
      struct Version: Decodable { var versionId: String }
      var tableVersions: [Version]?
      var nextToken: String?
    }
    var input = Input(databaseName: database, tableName: name)
    return try await pages {
      input.nextToken = $0
      let output: Output = try await client.call(.getTableVersions, input)
      return (output.tableVersions?.map(\.versionId) ?? [], output.nextToken)
    }
  }

  /// Deletes up to 100 versions of a table.
  ///
  /// - Returns: what failed, by version.
  func deleteTableVersions(_ name: String, _ versions: [String]) async throws -> [GlueItemError] {
    struct Input: Encodable {
      var databaseName, tableName: String
      var versionIds: [String]
    }
    let output: GlueItemErrors = try await client.call(
      .batchDeleteTableVersion, Input(databaseName: database, tableName: name, versionIds: versions))
    return output.errors ?? []
  }

  /// What a call answers; nil where Glue does not have what it names.
  private func unlessMissing<Answer>(_ call: () async throws -> Answer) async throws -> Answer? {
    do { return try await call() } catch let error as AWSServiceError
      where error.code == GlueErrorCode.notFound
    { return nil }
  }
}

/// Glue's error codes that mean something to us.
enum GlueErrorCode {
  static let notFound = "EntityNotFoundException"
  static let alreadyExists = "AlreadyExistsException"
  /// Another version of a table is there than the one that was to be changed.
  static let changed: Set<String> = ["ConcurrentModificationException", "VersionMismatchException"]
  /// What a second try may mend; Glue's, beside those that every service has.
  static let passing: Set<String> = [
    "InternalServiceException", "OperationTimeoutException", "ThrottlingException",
    "ResourceNotReadyException", "FederationSourceRetryableException", "ConcurrentModificationException",
    "ConcurrentRunsExceededException",
  ]
}

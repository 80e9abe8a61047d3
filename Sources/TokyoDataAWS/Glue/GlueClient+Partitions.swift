extension GlueClient {
  /// How many partitions Glue takes in one call.
  enum BatchSize {
    static let get = 1_000
    static let create = 100
    static let update = 100
    static let delete = 25
  }

  /// The partitions of a table.
  ///
  /// - Parameters:
  ///   - expression: A condition on partition columns, of at most 2,048 characters.
  ///   - withColumns: The columns of each too, which make the answer long.
  func partitions(
    of table: String, where expression: String? = nil, withColumns: Bool = false
  ) async throws -> [GluePartition] {
    struct Input: Encodable {
      var databaseName, tableName: String
      var expression: String?
      var excludeColumnSchema: Bool
      var maxResults = 1_000
      var nextToken: String?
    }
    struct Output: Decodable {
      var partitions: [GluePartition]?
      var nextToken: String?
    }
    var input = Input(
      databaseName: database, tableName: table, expression: expression, excludeColumnSchema: !withColumns)
    return try await pages {
      input.nextToken = $0
      let output: Output = try await client.call(.getPartitions, input)
      return (output.partitions ?? [], output.nextToken)
    }
  }

  /// Up to 1,000 partitions by their values; those that are not there are left out.
  ///
  /// - Returns: also the values that Glue did not look at, to be asked for again.
  func getPartitions(
    of table: String, _ values: [[String]]
  ) async throws -> (found: [GluePartition], unprocessed: [[String]]) {
    struct Input: Encodable {
      var databaseName, tableName: String
      var partitionsToGet: [GluePartitionValues]
    }
    struct Output: Decodable {
      var partitions: [GluePartition]?
      var unprocessedKeys: [GluePartitionValues]?
    }
    let output: Output = try await client.call(
      .batchGetPartition,
      Input(
        databaseName: database, tableName: table,
        partitionsToGet: values.map(GluePartitionValues.init(values:))))
    return (output.partitions ?? [], output.unprocessedKeys?.map(\.values) ?? [])
  }

  /// Creates up to 100 partitions.
  ///
  /// - Returns: what failed, by partition; the others are there.
  func createPartitions(of table: String, _ partitions: [GluePartition]) async throws -> [GlueItemError] {
    struct Input: Encodable {
      var databaseName, tableName: String
      var partitionInputList: [GluePartition]
    }
    let output: GlueItemErrors = try await client.call(
      .batchCreatePartition,
      Input(databaseName: database, tableName: table, partitionInputList: partitions))
    return output.errors ?? []
  }

  /// Replaces up to 100 partitions that are there.
  ///
  /// - Returns: what failed, by partition; the others are replaced.
  func updatePartitions(of table: String, _ partitions: [GluePartition]) async throws -> [GlueItemError] {
    struct Entry: Encodable {
      var partitionValueList: [String]
      var partitionInput: GluePartition
    }
    struct Input: Encodable {
      var databaseName, tableName: String
      var entries: [Entry]
    }
    let output: GlueItemErrors = try await client.call(
      .batchUpdatePartition,
      Input(
        databaseName: database, tableName: table,
        entries: partitions.map { Entry(partitionValueList: $0.values, partitionInput: $0) }))
    return output.errors ?? []
  }

  /// Deletes up to 25 partitions.
  ///
  /// - Returns: what failed, by partition; the others are gone.
  func deletePartitions(of table: String, _ values: [[String]]) async throws -> [GlueItemError] {
    struct Input: Encodable {
      var databaseName, tableName: String
      var partitionsToDelete: [GluePartitionValues]
    }
    let output: GlueItemErrors = try await client.call(
      .batchDeletePartition,
      Input(
        databaseName: database, tableName: table,
        partitionsToDelete: values.map(GluePartitionValues.init(values:))))
    return output.errors ?? []
  }
}

/// What names a partition.
struct GluePartitionValues: Hashable, Sendable, Codable {
  var values: [String]
}

/// Errors of single items in an answer that is otherwise a success.
struct GlueItemErrors: Decodable, Sendable {
  var errors: [GlueItemError]?
}

/// Why one item of a batch failed.
struct GlueItemError: Hashable, Sendable, Decodable {
  struct Detail: Hashable, Sendable, Decodable {
    var errorCode: String?
    var errorMessage: String?
  }

  /// The partition, where the item is one.
  var partitionValues: [String]?
  /// The same, as `BatchUpdatePartition` calls it.
  var partitionValueList: [String]?
  /// The version of a table, where the item is one.
  var versionId: String?
  var errorDetail: Detail?

  var values: [String] { partitionValues ?? partitionValueList ?? [] }
  var code: String { errorDetail?.errorCode ?? "" }
}

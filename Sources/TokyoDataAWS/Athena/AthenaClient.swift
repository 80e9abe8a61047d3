internal import TokyoDataCore

/// The calls of Athena on queries.
struct AthenaClient: Sendable {
  let client: AWSClient

  /// Starts a query, or finds the one that the same token started before.
  ///
  /// - Returns: the query's id.
  /// - Throws: `TokyoDataError.invalidArgument`, before anything is sent, for what Athena would not take.
  func startQuery(_ start: AthenaQueryStart) async throws -> String {
    struct Output: Decodable { var queryExecutionId: String }
    try start.validate()
    let output: Output = try await client.call(.startQueryExecution, start)
    return output.queryExecutionId
  }

  /// How far a query is.
  func query(_ id: String) async throws -> AthenaQuery {
    struct Output: Decodable { var queryExecution: AthenaQuery }
    let output: Output = try await client.call(.getQueryExecution, AthenaQueryID(queryExecutionId: id))
    return output.queryExecution
  }

  /// How far up to 50 queries are.
  func queries(_ ids: [String]) async throws -> AthenaQueryBatch {
    struct Input: Encodable { var queryExecutionIds: [String] }
    try AthenaLimit.batch.check(ids.count, "queries in a batch")
    return try await client.call(.batchGetQueryExecution, Input(queryExecutionIds: ids))
  }

  /// A page of a query's result; of a SELECT, the first row of the first page names the columns.
  func results(
    of id: String, after token: String? = nil, upTo rows: Int = AthenaLimit.pageRows.most
  ) async throws -> AthenaResultPage {
    struct Input: Encodable {
      var queryExecutionId: String
      var nextToken: String?
      var maxResults: Int
    }
    try AthenaLimit.pageRows.check(rows, "rows in a page")
    return try await client.call(
      .getQueryResults, Input(queryExecutionId: id, nextToken: token, maxResults: rows))
  }

  /// Asks for a query to be stopped; one that has ended stays as it is.
  func stopQuery(_ id: String) async throws {
    let _: EmptyAnswer = try await client.call(.stopQueryExecution, AthenaQueryID(queryExecutionId: id))
  }

  /// A page of the ids of a workgroup's queries, the newest first.
  func listQueries(
    in workGroup: String?, after token: String? = nil
  ) async throws -> (ids: [String], next: String?) {
    struct Input: Encodable {
      var workGroup, nextToken: String?
      var maxResults = AthenaLimit.batch.most
    }
    struct Output: Decodable {
      var queryExecutionIds: [String]?
      var nextToken: String?
    }
    let output: Output = try await client.call(
      .listQueryExecutions, Input(workGroup: workGroup, nextToken: token))
    return (output.queryExecutionIds ?? [], output.nextToken)
  }

  /// Where a query's time went, and what went in and out; the rows are there a little later than the result.
  func runtimeStatistics(of id: String) async throws -> AthenaRuntimeStatistics {
    struct Output: Decodable { var queryRuntimeStatistics: AthenaRuntimeStatistics }
    let output: Output = try await client.call(
      .getQueryRuntimeStatistics, AthenaQueryID(queryExecutionId: id))
    return output.queryRuntimeStatistics
  }
}

/// The document that names one query.
private struct AthenaQueryID: Encodable { var queryExecutionId: String }

/// A statement that a workgroup keeps under a name.
struct AthenaPreparedStatement: Hashable, Sendable, Decodable {
  var statementName: String
  var queryStatement: String
  var workGroupName: String?
  var description: String?
  var lastModifiedTime: EpochSeconds?
}

extension AthenaClient {
  func createPreparedStatement(_ name: String, in workGroup: String, _ sql: String) async throws {
    try AthenaLimit.queryBytes.check(sql.utf8.count, "bytes in a query")
    let _: EmptyAnswer = try await client.call(
      .createPreparedStatement,
      StatementInput(statementName: name, workGroup: workGroup, queryStatement: sql))
  }

  func preparedStatement(_ name: String, in workGroup: String) async throws -> AthenaPreparedStatement {
    struct Output: Decodable { var preparedStatement: AthenaPreparedStatement }
    let output: Output = try await client.call(
      .getPreparedStatement, StatementInput(statementName: name, workGroup: workGroup))
    return output.preparedStatement
  }

  func updatePreparedStatement(_ name: String, in workGroup: String, _ sql: String) async throws {
    try AthenaLimit.queryBytes.check(sql.utf8.count, "bytes in a query")
    let _: EmptyAnswer = try await client.call(
      .updatePreparedStatement,
      StatementInput(statementName: name, workGroup: workGroup, queryStatement: sql))
  }

  func deletePreparedStatement(_ name: String, in workGroup: String) async throws {
    let _: EmptyAnswer = try await client.call(
      .deletePreparedStatement, StatementInput(statementName: name, workGroup: workGroup))
  }
}

/// What names a prepared statement, and what it is to be.
private struct StatementInput: Encodable {
  var statementName: String
  var workGroup: String
  var queryStatement: String?
}

/// A statement that a workgroup keeps under a name.
struct AthenaPreparedStatement: Hashable, Sendable, Decodable {
  var statementName: String
  var queryStatement: String
  var workGroupName: String?
  var description: String?
  var lastModifiedTime: EpochSeconds?
}

extension AthenaClient {
  /// Makes a statement; one that a lost answer's try made already, with the same text, is that one.
  func createPreparedStatement(_ name: String, in workGroup: String, _ sql: String) async throws {
    try AthenaLimit.queryBytes.check(sql.utf8.count, "bytes in a query")
    do {
      let _: EmptyAnswer = try await client.call(
        .createPreparedStatement,
        StatementInput(statementName: name, workGroup: workGroup, queryStatement: sql))
    } catch let error as AWSServiceError where error.code == "InvalidRequestException" && error.attempts > 1 {
      // Athena has no code of its own for a name that is taken, so what is there decides.
      do {
        guard try await preparedStatement(name, in: workGroup).queryStatement == sql else { throw error }
      } catch let missing as AWSServiceError where missing.code == Self.notFound { throw error }
    }
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

  /// Deletes a statement; one that is gone when it is asked for again was deleted by the try whose answer was lost.
  func deletePreparedStatement(_ name: String, in workGroup: String) async throws {
    do {
      let _: EmptyAnswer = try await client.call(
        .deletePreparedStatement, StatementInput(statementName: name, workGroup: workGroup))
    } catch let error as AWSServiceError where error.code == Self.notFound && error.attempts > 1 {}
  }

  private static let notFound = "ResourceNotFoundException"
}

/// What names a prepared statement, and what it is to be.
private struct StatementInput: Encodable {
  var statementName: String
  var workGroup: String
  var queryStatement: String?
}

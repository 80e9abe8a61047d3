extension AWSOperation {
  /// The operations of Athena that we call.
  static let athena: [AWSOperation] = [
    .startQueryExecution, .getQueryExecution, .batchGetQueryExecution, .getQueryResults, .stopQueryExecution,
    .listQueryExecutions, .getQueryRuntimeStatistics, .getWorkGroup, .createWorkGroup, .updateWorkGroup,
    .createPreparedStatement, .getPreparedStatement, .updatePreparedStatement, .deletePreparedStatement,
  ]

  /// Always with a token: a second query would be paid for.
  static let startQueryExecution = AWSOperation(.athena, "StartQueryExecution", .recognized)
  static let getQueryExecution = AWSOperation(.athena, "GetQueryExecution")
  static let batchGetQueryExecution = AWSOperation(.athena, "BatchGetQueryExecution")
  static let getQueryResults = AWSOperation(.athena, "GetQueryResults")
  static let stopQueryExecution = AWSOperation(.athena, "StopQueryExecution")
  static let listQueryExecutions = AWSOperation(.athena, "ListQueryExecutions")
  static let getQueryRuntimeStatistics = AWSOperation(.athena, "GetQueryRuntimeStatistics")
  static let getWorkGroup = AWSOperation(.athena, "GetWorkGroup")
  static let createWorkGroup = AWSOperation(.athena, "CreateWorkGroup", .recognized)
  static let updateWorkGroup = AWSOperation(.athena, "UpdateWorkGroup")
  static let createPreparedStatement = AWSOperation(.athena, "CreatePreparedStatement", .recognized)
  static let getPreparedStatement = AWSOperation(.athena, "GetPreparedStatement")
  static let updatePreparedStatement = AWSOperation(.athena, "UpdatePreparedStatement")
  static let deletePreparedStatement = AWSOperation(.athena, "DeletePreparedStatement", .recognized)
}

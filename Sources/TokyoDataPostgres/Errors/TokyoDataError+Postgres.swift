internal import TokyoDataCore

extension TokyoDataError {
  /// What an error of PostgreSQL means to a caller of the SDK.
  init(_ error: PostgresError, context: Context, file: String = #fileID, line: Int = #line) {
    let place = context.filled(from: Context(column: error.column))
    if let server = PostgresServerError(in: error), let late = Self.lateWrite(server) {
      self.init(
        late.code, late.message, context: place.filled(from: Context(day: server.detail.flatMap { Day($0) })),
        cause: error, file: file, line: line)
      return
    }
    self.init(
      Self.code(of: error), Self.message(of: error), context: place, cause: error, file: file, line: line)
  }

  /// Errors that our own triggers raise; their detail is the day.
  private static func lateWrite(_ server: PostgresServerError) -> (code: Code, message: String)? {
    switch server.sqlState.rawValue {
    case DatasetTriggers.State.overlayRowMustStay:
      (.daysUnavailable, "the row replaces one in the lake: it can be changed, but not deleted or moved")
    case DatasetTriggers.State.lateWriteRejected:
      (.daysUnavailable, "the day is in the lake, and the dataset rejects late writes")
    case DatasetTriggers.State.truncateRefused:
      (.conflict, "the table holds rows that replace ones in the lake: truncating would uncover those")
    default: nil
    }
  }

  private static func code(of error: PostgresError) -> Code {
    switch error.code {
    case .connectionFailed, .connectionLost, .closed, .outcomeUnknown: .unavailable
    case .busy, .transactionAborted, .invalidStatement, .protocolViolation: .internal
    case .deadlineExceeded: .timeout
    case .unsupportedType, .unsupportedByPooler: .unsupported
    case .valueNotRepresentable: .valueOutOfRange
    case .outOfResources: .unavailable
    default: PostgresServerError(in: error).map { code(of: $0.sqlState) } ?? .serverError
    }
  }

  private static func code(of state: SQLState) -> Code {
    switch state {
    case .uniqueViolation, .serializationFailure, .deadlockDetected: .conflict
    case .insufficientPrivilege: .permissionDenied
    case .undefinedTable, .invalidSchemaName: .notFound
    case .undefinedColumn: .unknownColumn
    case .lockNotAvailable: .busy
    case .queryCanceled: .timeout
    case .cardinalityViolation: .invalidArgument
    case SQLState.Class.dataException: .valueOutOfRange
    case SQLState.Class.integrityConstraintViolation: .conflict
    case SQLState.Class.connectionException, SQLState.Class.insufficientResources,
      SQLState.Class.operatorIntervention:
      .unavailable
    default: .serverError
    }
  }

  private static func message(of error: PostgresError) -> String {
    guard let server = PostgresServerError(in: error) else { return error.message }
    let state = "SQLSTATE \(server.sqlState)"
    return switch server.sqlState {
    case .uniqueViolation: "a row with this key is there already (\(state))"
    case .insufficientPrivilege:
      "the role may not do this, or row security would hide rows from it (\(state))"
    case .undefinedTable, .invalidSchemaName:
      "a table is missing; has the dataset been installed? (\(state))"
    case .cardinalityViolation: "the rows of one upsert have a key twice (\(state))"
    case .lockNotAvailable: "a lock was not to be had in time (\(state))"
    default: "the server refused the statement (\(state))"
    }
  }
}

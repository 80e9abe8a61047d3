extension TokyoDataError {
  /// What an error of a connection means to a caller of the SDK.
  init(_ error: RedisConnectionError, file: String = #fileID, line: Int = #line) {
    let (code, message): (Code, String) =
      switch error.code {
      case .cannotConnect: (.unavailable, "no connection to the server")
      case .lost: (.unavailable, "the connection to the server ended while the command ran")
      case .silent: (.timeout, "the server did not answer in time")
      case .wrongRole: (.unavailable, "the server is not the master")
      case .closed: (.unavailable, "the connection was closed")
      default: (.serverError, "the server does not keep to the protocol")
      }
    self.init(code, message, cause: error, file: file, line: line)
  }

  /// What an answer of the server means to a caller of the SDK.
  init(_ error: RedisServerError, file: String = #fileID, line: Int = #line) {
    let (code, message): (Code, String) =
      switch error.code {
      case .outOfMemory: (.serverError, "the server has no memory left")
      case .noAuthentication, .wrongPassword:
        (.permissionDenied, "the server does not accept user and password")
      case .noPermission: (.permissionDenied, "the user may not do this")
      case .busy, .tryAgain: (.busy, "the server is busy")
      case .wrongType: (.typeMismatch, "the key holds another kind of value")
      case .loading, .masterDown, .noReplicas, .clusterDown, .readOnly, .moved, .ask:
        (.unavailable, "the server cannot serve the key now (\(error.code))")
      default: (.serverError, "the server refused the command (\(error.code))")
      }
    self.init(code, message, cause: error, file: file, line: line)
  }

  /// A reply of a form that the command does not have.
  static func unexpectedReply(file: String = #fileID, line: Int = #line) -> TokyoDataError {
    TokyoDataError(RedisConnectionError(.protocolViolation), file: file, line: line)
  }
}

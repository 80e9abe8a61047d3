internal import TokyoDataCore

extension TokyoDataError {
  /// What a call of Glue, Athena, STS or CloudWatch threw, in our terms.
  ///
  /// An error of ours learns where it happened. A cancellation is no failure, and stays what it is.
  static func of(_ error: any Error, _ context: Context) -> any Error {
    switch error {
    case is CancellationError: return error
    case let error as TokyoDataError: return error.adding(context)
    case let error as AWSServiceError:
      return TokyoDataError(
        error.tokyoDataCode, "\(error.operation) was refused: \(error.code)", context: context, cause: error
      ).adding(.init(attempts: error.attempts))
    case let error as HTTPError:
      return TokyoDataError(
        error.tokyoDataCode, "there was no answer: \(error)", context: context, cause: error)
    case is AWSCredentialError:
      return TokyoDataError(.permissionDenied, "there are no credentials", context: context, cause: error)
    default: return TokyoDataError(.internal, "an error of another kind", context: context, cause: error)
    }
  }
}

extension AWSServiceError {
  /// The broad kind of what a service other than S3 refuses.
  var tokyoDataCode: TokyoDataError.Code {
    switch code {
    case "EntityNotFoundException", "ResourceNotFoundException": .notFound
    case "AlreadyExistsException", "ResourceAlreadyExistsException", "ConcurrentModificationException",
      "VersionMismatchException", "IdempotentParameterMismatchException", "OperationAbortedException":
      .conflict
    case "AccessDeniedException", "UnrecognizedClientException", "InvalidClientTokenId",
      "InvalidSignatureException", "ExpiredTokenException", "ExpiredToken", "IncompleteSignature",
      "MissingAuthenticationTokenException", "NotAuthorized", "OptInRequired":
      .permissionDenied
    case "InvalidInputException", "InvalidRequestException", "InvalidParameterException",
      "InvalidParameterValue", "InvalidParameterCombination", "MissingParameter", "ValidationException",
      "SerializationException":
      .invalidArgument
    case "ThrottlingException", "Throttling", "TooManyRequestsException", "ResourceNotReadyException",
      "RequestLimitExceeded", "LimitExceededException", "ConcurrentRunsExceededException":
      .busy
    case "OperationTimeoutException", "RequestTimeout": .timeout
    case Self.invalidResponse: .invalidData
    // Services do not agree on what they call it, but on the status.
    default:
      switch status {
      case 401, 403: .permissionDenied
      case 429: .busy
      case 500...: .unavailable
      default: .serverError
      }
    }
  }
}

extension HTTPError {
  /// The broad kind of a request that had no answer.
  var tokyoDataCode: TokyoDataError.Code {
    switch code {
    case .idleTimeout, .totalTimeout, .connectTimeout: .timeout
    case .cannotConnect, .connectionLost, .closed: .unavailable
    case .insecure: .serverError
    case .outOfResources: .busy
    case .invalidResponse, .bodyTooLarge: .invalidData
    case .invalidRequest, .invalidBody: .internal
    }
  }
}

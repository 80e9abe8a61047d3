internal import TokyoDataCore

extension TokyoDataError {
  /// What a call of Glue, Athena, STS or CloudWatch threw, in our terms; an error of ours stays as it is.
  init(aws error: any Error, store: String) {
    switch error {
    case let error as TokyoDataError: self = error
    case let error as AWSServiceError:
      self.init(
        error.tokyoDataCode, "\(error.operation) was refused: \(error.code)",
        context: .init(store: store, attempts: error.attempts), cause: error)
    case let error as HTTPError:
      self.init(
        error.tokyoDataCode, "there was no answer: \(error)", context: .init(store: store), cause: error)
    case let error as AWSCredentialError:
      self.init(.permissionDenied, "there are no credentials", context: .init(store: store), cause: error)
    default: self.init(.internal, "an error of another kind", context: .init(store: store), cause: error)
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
    case .cannotConnect, .connectionLost, .closed, .insecure: .unavailable
    case .outOfResources: .busy
    case .invalidResponse, .bodyTooLarge: .invalidData
    case .invalidRequest, .invalidBody: .internal
    }
  }
}

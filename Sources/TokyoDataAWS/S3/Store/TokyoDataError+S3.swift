internal import TokyoDataCore

extension TokyoDataError {
  /// An error of a call to S3 in our terms; those that are not about the call stay as they are.
  static func of(_ error: any Error, object: String, store: String) -> any Error {
    switch error {
    case let error as TokyoDataError: error.adding(.init(store: store))
    case let error as AWSServiceError: TokyoDataError(error, object: object, store: store)
    case let error as HTTPError: TokyoDataError(error, object: object, store: store)
    case let error as S3RangeError: TokyoDataError(error, object: object, store: store)
    case is AWSCredentialError:
      TokyoDataError(
        .permissionDenied, "\(object): there are no credentials", context: .init(store: store), cause: error)
    default: error
    }
  }

  init(_ error: AWSServiceError, object: String, store: String) {
    let (code, words) = Self.meaning(of: error)
    self.init(
      code, "\(object): \(words) (\(error))",
      context: .init(
        store: store, operation: error.operation, attempts: error.attempts > 1 ? error.attempts : nil),
      cause: error)
  }

  init(_ error: HTTPError, object: String, store: String) {
    let (code, words): (Code, String) =
      switch error.code {
      case .cannotConnect: (.unavailable, "the endpoint cannot be reached")
      case .connectionLost: (.unavailable, "the connection broke off")
      case .connectTimeout, .idleTimeout, .totalTimeout: (.timeout, "no answer in time")
      case .insecure: (.serverError, "the endpoint is not who it says it is")
      case .invalidResponse: (.invalidData, "the answer has not the length, form or checksum that it should")
      case .bodyTooLarge: (.invalidData, "the answer is too long")
      case .invalidRequest: (.invalidArgument, "the request cannot be sent")
      default: (.unavailable, "the request failed")
      }
    self.init(code, "\(object): \(words)", context: .init(store: store), cause: error)
  }

  init(_ error: S3RangeError, object: String, store: String) {
    let size = error.size.map { " of \($0)" } ?? ", which has fewer"
    self.init(
      .invalidData,
      "\(object): bytes \(error.range.lowerBound) to \(error.range.upperBound) of an object\(size)",
      context: .init(store: store), cause: error)
  }

  /// What a refusal of S3's means to the caller.
  private static func meaning(of error: AWSServiceError) -> (Code, String) {
    switch error.code {
    case "NoSuchKey": (.notFound, "no such object")
    case "NoSuchBucket": (.notFound, "no such bucket")
    case "NoSuchUpload": (.notFound, "no such upload")
    case "PreconditionFailed", "ConditionalRequestConflict": (.conflict, "somebody else wrote the object")
    case "OperationAborted": (.busy, "the bucket is being changed")
    case "BucketAlreadyExists": (.conflict, "the name of the bucket is taken")
    case "InvalidObjectState": (.unsupported, "the object is archived and must be restored before it is read")
    case "InvalidRange": (.invalidData, "the object ends before the range")
    case "BadDigest", "XAmzContentSHA256Mismatch":
      (.unavailable, "the bytes did not arrive as they were sent")
    case "RequestTimeout": (.timeout, "the request took too long")
    case "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "RequestTimeTooSkewed":
      (.permissionDenied, "the credentials are not accepted")
    case "NotImplemented", "MethodNotAllowed": (.unsupported, "the service does not do this")
    default: meaning(ofStatus: error.status)
    }
  }

  private static func meaning(ofStatus status: Int) -> (Code, String) {
    switch status {
    case 401, 403: (.permissionDenied, "not allowed")
    case 404: (.notFound, "not there")
    case 409: (.busy, "another request is in the way")
    case 412: (.conflict, "somebody else wrote the object")
    case 416: (.invalidData, "the object ends before the range")
    case 429, 500, 502, 503, 504: (.unavailable, "the service is not able to answer now")
    case 501: (.unsupported, "the service does not do this")
    case 400..<500: (.invalidArgument, "the service refused the request")
    default: (.serverError, "the service failed")
    }
  }
}

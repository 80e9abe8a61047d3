internal import TokyoDataCore

/// Why a try failed, as far as it matters for another one.
struct CallFailure: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    /// It may work the next time.
    case transient
    /// The same, after a wait that held up the caller.
    case timeout
    /// The service has too much to do; it has not done this.
    case throttled
    /// The clocks differ, or the service says so; `definite` where it can be nothing else.
    case clock(definite: Bool)
    /// The keys are no longer good.
    case credentials
    /// The bucket is in another region.
    case moved(region: String)
    /// Another try would end the same.
    case final
  }

  var kind: Kind
  /// The service may have carried the request out.
  var mayBeDone = false
  /// How long the service wants us to wait.
  var wait: ServerWait?

  init(_ kind: Kind, mayBeDone: Bool = false, wait: ServerWait? = nil) {
    self.kind = kind
    self.mayBeDone = mayBeDone
    self.wait = wait
  }
}

extension CallFailure {
  /// A failure without a whole answer.
  init(_ error: HTTPError) {
    switch error.code {
    case .connectTimeout, .idleTimeout, .totalTimeout: kind = .timeout
    case .insecure, .invalidRequest, .bodyTooLarge, .closed: kind = .final
    default: kind = .transient
    }
    mayBeDone = !error.isUnsent
  }

  /// A refusal.
  init(_ refusal: ServiceRefusal, of operation: AWSOperation, region: String) {
    let error = refusal.error
    wait = ServerWait(refusal.headers)
    if operation.service == .s3, let other = refusal.region, other != region,
      Self.moves.contains(error.status) || error.code == "IllegalLocationConstraintException"
    {
      kind = .moved(region: other)
    } else if Self.clockCodes.contains(error.code) {
      kind = .clock(definite: true)
    } else if Self.credentialCodes.contains(error.code) || refusal.isNakedBadRequest {
      kind = .credentials
    } else if Self.signatureCodes.contains(error.code) || (refusal.isNaked && error.status == 403) {
      kind = .clock(definite: false)
    } else if Self.throttleCodes.contains(error.code) || error.status == 429 {
      kind = .throttled
    } else if Self.transientCodes.contains(error.code) || Self.transientStatuses.contains(error.status)
      || (error.code == "ConditionalRequestConflict" && operation.name != "CompleteMultipartUpload")
    {
      kind = .transient
      mayBeDone = error.status >= 500 || error.code == AWSServiceError.invalidResponse
    } else {
      kind = .final
    }
  }

  private static let moves = [301, 307, 400]

  private static let clockCodes: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture",
  ]

  /// What a wrong clock may be the reason of, among others.
  private static let signatureCodes: Set<String> = [
    "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure",
  ]

  private static let credentialCodes: Set<String> = [
    "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken", "InvalidAccessKeyId",
    "InvalidClientTokenId", "UnrecognizedClientException",
  ]

  private static let throttleCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete", "EC2ThrottledException",
  ]

  private static let transientStatuses: Set<Int> = [500, 502, 503, 504]

  private static let transientCodes: Set<String> = [
    "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure",
    "InternalServerException",
    "InternalServiceException", "OperationTimeoutException", "ResourceNotReadyException",
    "FederationSourceRetryableException", "IDPCommunicationError", "ServiceUnavailable",
    "ServiceUnavailableException", "OperationAborted", AWSServiceError.invalidResponse,
  ]
}

/// What a client learns from one call for the next.
final class ClientState: Sendable {
  let signer = RequestSigner()
  let skew = ClockSkew()
  let regions = BucketRegions()
  let metrics: ClientMetrics
  private let quotas: [AWSService: RetryQuota]

  init(_ metrics: ClientMetrics) {
    self.metrics = metrics
    quotas = Dictionary(uniqueKeysWithValues: AWSService.allCases.map { ($0, RetryQuota()) })
  }

  /// A service that is down does not keep others from being tried again.
  func quota(_ service: AWSService) -> RetryQuota { quotas[service] ?? RetryQuota() }
}

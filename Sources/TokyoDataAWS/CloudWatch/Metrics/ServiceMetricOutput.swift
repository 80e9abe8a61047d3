internal import TokyoDataCore

/// Sends readings to CloudWatch.
struct ServiceMetricOutput: MetricOutput {
  /// What CloudWatch takes in one call.
  static let mostData = 1_000
  static let mostBytes = 1_000_000

  let client: AWSClient
  let namespace: String

  func publish(_ data: [MetricDatum]) async -> MetricOutcome {
    var outcome = MetricOutcome()
    for batch in data.batches(of: Self.mostData) { await publish(batch, &outcome) }
    return outcome
  }

  /// Sends a batch, halved as often as its document is too long.
  private func publish(_ batch: [MetricDatum], _ outcome: inout MetricOutcome) async {
    let input = Input(namespace: namespace, metricData: batch)
    do {
      guard !Task.isCancelled else {
        // Nothing is sent any more.
        outcome.error = CancellationError()
        outcome.later += batch
        return
      }
      let length = try AWSService.cloudWatch.jsonDialect?.encode(input, for: .putMetricData).count ?? 0
      guard length <= Self.mostBytes || batch.count == 1 else {
        for half in batch.batches(of: (batch.count + 1) / 2) { await publish(half, &outcome) }
        return
      }
      let _: EmptyAnswer = try await client.call(.putMetricData, input)
    } catch {
      outcome.error = error
      if Self.isUntaken(after: error) { outcome.later += batch } else { outcome.lost += batch.count }
    }
  }

  private struct Input: Encodable {
    var namespace: String
    var metricData: [MetricDatum]
  }

  /// The service cannot have counted the data, and may take them later.
  private static func isUntaken(after error: any Error) -> Bool {
    switch error {
    case let error as HTTPError: error.isUnsent
    case is AWSCredentialError: true
    case let error as AWSServiceError:
      [.busy, .permissionDenied].contains(error.tokyoDataCode) || error.status == 503
    default: false
    }
  }
}

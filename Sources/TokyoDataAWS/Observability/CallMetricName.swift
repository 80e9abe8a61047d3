/// The metrics of calls; `Documentation/Observability.md` has the same table.
///
/// Names are OpenTelemetry's where it has one.
enum CallMetricName: String, CaseIterable {
  /// Timer: a call with all its tries and pauses.
  case duration = "rpc.client.call.duration"
  /// Counter: requests that were sent.
  case attempts = "tokyodata.aws.attempts"
  /// Counter: tries after a failed one.
  case retries = "tokyodata.aws.retries"
  /// Counter: answers that ask for fewer requests.
  case throttles = "tokyodata.aws.throttles"
  /// Counter: calls that failed, by code.
  case errors = "tokyodata.aws.errors"
}

/// The dimensions of these metrics.
enum CallMetricDimension: String, CaseIterable {
  case system = "rpc.system.name"
  case method = "rpc.method"
  case error = "error.type"
}

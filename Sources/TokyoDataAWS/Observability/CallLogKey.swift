/// The keys of log metadata about calls; `Documentation/Observability.md` has the same table.
///
/// Names are OpenTelemetry's where it has one.
enum CallLogKey: String, CaseIterable {
  case method = "rpc.method"
  case error = "error.type"
  case status = "http.response.status_code"
  case requestID = "aws.request_id"
  case attempts = "tokyodata.aws.attempts"
  case milliseconds = "tokyodata.aws.milliseconds"
  case waitMilliseconds = "tokyodata.aws.wait_milliseconds"
}

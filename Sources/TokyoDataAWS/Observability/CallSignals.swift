internal import Logging
internal import Metrics
internal import TokyoDataCore

/// What one call tells about itself, in metrics and in the log of the task that makes it (`Logger.current`).
///
/// Names of operations, codes, numbers and the service's id of a request: no key, bucket, host or text.
struct CallSignals: Sendable {
  private let operation: AWSOperation
  /// Nil for the calls that carry logs and metrics themselves: each would make another.
  private let metrics: OperationMetrics?
  private let elapsed: @Sendable () -> Duration
  private var sent = 0

  init(_ operation: AWSOperation, _ metrics: ClientMetrics, _ time: ClientTime) {
    self.operation = operation
    self.metrics = operation.service.carriesSignals ? nil : metrics.metrics(of: operation)
    elapsed = time.stopwatch()
  }

  /// A request goes out.
  mutating func noteSent() {
    sent += 1
    metrics?.attempts.increment()
  }

  /// A try has failed.
  func noteFailure(_ failure: CallFailure) {
    if failure.kind == .throttled { metrics?.throttles.increment() }
  }

  /// The call is tried again, after a pause.
  func noteRetry(after error: any Error, pause: Double) {
    metrics?.retries.increment()
    log("tries a call to AWS again", error, [.waitMilliseconds: "\(Int(min(pause, 1_000_000) * 1000))"])
  }

  /// The call has its answer.
  func finish() {
    let duration = elapsed()
    metrics?.duration.recordNanoseconds(duration.nanoseconds)
    log("called AWS", nil, [.milliseconds: "\(duration.nanoseconds / 1_000_000)"])
  }

  /// The call has failed.
  func fail(_ error: any Error) {
    let duration = elapsed()
    metrics?.duration.recordNanoseconds(duration.nanoseconds)
    metrics?.noteError(CallErrorType(error))
    log("a call to AWS failed", error, [.milliseconds: "\(duration.nanoseconds / 1_000_000)"])
  }

  /// At `debug`, failures too: the caller gets the error, and may have expected it.
  private func log(_ message: Logger.Message, _ error: (any Error)?, _ facts: [CallLogKey: String]) {
    guard metrics != nil else { return }
    Logger.current.debug(message, metadata: metadata(error, facts))
  }

  private func metadata(_ error: (any Error)?, _ facts: [CallLogKey: String]) -> Logger.Metadata {
    var all = facts
    all[.method] = operation.signalName
    all[.attempts] = String(sent)
    if let error { all[.error] = CallErrorType(error).text }
    if let error = error as? AWSServiceError {
      all[.status] = String(error.status)
      if let id = error.requestID, PlainWord.accepts(id, upTo: 64, besides: "-") { all[.requestID] = id }
    }
    return Logger.Metadata(
      uniqueKeysWithValues: all.map { ($0.key.rawValue, Logger.MetadataValue.string($0.value)) })
  }
}

extension AWSService {
  /// Its calls carry logs and metrics; `droppedCount` and `lostCount` tell about them.
  var carriesSignals: Bool {
    switch self {
    case .cloudWatch, .cloudWatchLogs: true
    case .s3, .glue, .athena, .sts: false
    }
  }
}

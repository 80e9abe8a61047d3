internal import Metrics
internal import Synchronization

/// A client's metrics: those of an operation are created once, with its first call.
///
/// Not before: `CloudWatchMetrics` needs a session, and is what `MetricsSystem` is bootstrapped with.
final class ClientMetrics: Sendable {
  private let factory: (any MetricsFactory)?
  private let operations = Mutex<[AWSOperation: OperationMetrics]>([:])

  /// - Parameter factory: Nil for the one that is bootstrapped when the first call is made.
  init(_ factory: (any MetricsFactory)? = nil) { self.factory = factory }

  func metrics(of operation: AWSOperation) -> OperationMetrics {
    operations.withLock { operations in
      if let known = operations[operation] { return known }
      let new = OperationMetrics(operation, factory ?? MetricsSystem.factory)
      operations[operation] = new
      return new
    }
  }
}

/// The metrics of one operation.
final class OperationMetrics: Sendable {
  let duration: Timer
  let attempts: Counter
  let retries: Counter
  let throttles: Counter
  private let operation: AWSOperation
  private let factory: any MetricsFactory
  private let errors = Mutex<[CallErrorType: Counter]>([:])

  /// A service may invent codes; a backend keeps each for ever.
  static let mostErrorTypes = 50

  init(_ operation: AWSOperation, _ factory: any MetricsFactory) {
    self.operation = operation
    self.factory = factory
    let dimensions = Self.dimensions(operation)
    func counter(_ name: CallMetricName) -> Counter {
      Counter(label: name.rawValue, dimensions: dimensions, factory: factory)
    }
    duration = Timer(label: CallMetricName.duration.rawValue, dimensions: dimensions, factory: factory)
    attempts = counter(.attempts)
    retries = counter(.retries)
    throttles = counter(.throttles)
  }

  func noteError(_ type: CallErrorType) {
    errors.withLock { errors in
      let type = errors.count < Self.mostErrorTypes || errors[type] != nil ? type : .other
      if let known = errors[type] { return known }
      let new = Counter(
        label: CallMetricName.errors.rawValue,
        dimensions: Self.dimensions(operation) + [(CallMetricDimension.error.rawValue, type.text)],
        factory: factory)
      errors[type] = new
      return new
    }.increment()
  }

  private static func dimensions(_ operation: AWSOperation) -> [(String, String)] {
    [
      (CallMetricDimension.system.rawValue, "aws-api"),
      (CallMetricDimension.method.rawValue, operation.signalName),
    ]
  }
}

extension AWSOperation {
  /// Its name in logs and metrics, such as `s3/PutObject`.
  var signalName: String { "\(service.rawValue)/\(name)" }
}

internal import Logging
internal import Metrics
internal import Synchronization

/// What a cache tells about itself: metrics, created once, and a log.
final class RedisSignals: Sendable {
  /// The calls of a cache.
  enum Operation: String, CaseIterable {
    case get, getEntries, set, exchange, delete, add
  }

  private let logger: Logger
  private let times: [Operation: Timer]
  private let failures: [TokyoDataError.Code: Counter]
  private let opened: Counter
  private let failed: Counter
  private let connections: Gauge
  private let paused: Gauge
  private let connectionCount = Mutex(0)
  private let pausedCount = Mutex(0)

  init(logger: Logger, factory: any MetricsFactory) {
    self.logger = logger
    let system = (MetricDimension.system.rawValue, "redis")
    func counter(_ name: MetricName, _ more: (String, String)...) -> Counter {
      Counter(label: name.rawValue, dimensions: [system] + more, factory: factory)
    }
    func gauge(_ name: MetricName) -> Gauge {
      Gauge(label: name.rawValue, dimensions: [system], factory: factory)
    }
    times = Dictionary(
      uniqueKeysWithValues: Operation.allCases.map {
        let operation = (MetricDimension.operation.rawValue, $0.rawValue)
        return (
          $0,
          Timer(label: MetricName.operationTime.rawValue, dimensions: [system, operation], factory: factory)
        )
      })
    failures = Dictionary(
      uniqueKeysWithValues: TokyoDataError.Code.all.map {
        ($0, counter(.failures, (MetricDimension.error.rawValue, $0.description)))
      })
    opened = counter(.opened)
    failed = counter(.failed)
    connections = gauge(.connectionCount)
    paused = gauge(.paused)
    connections.record(0)
    paused.record(0)
  }

  func note(_ operation: Operation, took duration: Duration) {
    times[operation]?.recordNanoseconds(duration.nanoseconds)
  }

  func noteFailure(_ code: TokyoDataError.Code) { failures[code]?.increment() }

  func noteOpened() {
    opened.increment()
    Self.change(connectionCount, by: 1, on: connections)
  }

  func noteClosed() { Self.change(connectionCount, by: -1, on: connections) }

  func noteFailedConnection(_ error: any Error) {
    failed.increment()
    let code = (error as? TokyoDataError)?.code ?? .internal
    logger.with(.error, code.description).warning("no connection to Redis")
  }

  func noteLoss(_ error: RedisConnectionError) {
    logger.with(.error, error.code.description).warning("a connection to Redis has failed")
  }

  /// Notes a change of one server's breaker.
  func noteBreaker(from before: CircuitBreaker.Phase, to after: CircuitBreaker.Phase) {
    guard before.isClosed != after.isClosed else { return }
    if after.isClosed {
      logger.debug("a Redis that had failed is used again")
    } else {
      logger.warning("a Redis has failed and is left alone for a moment")
    }
    Self.change(pausedCount, by: after.isClosed ? -1 : 1, on: paused)
  }

  private static func change(_ count: borrowing Mutex<Int>, by amount: Int, on gauge: Gauge) {
    // Recorded under the lock, so that the last value recorded is the last one counted.
    count.withLock { count in
      count += amount
      gauge.record(count)
    }
  }
}

internal import Metrics
internal import TokyoDataCore

/// A pool's metrics, created once.
struct PoolMetrics: Sendable {
  private let idle: Gauge
  private let used: Gauge
  private let waiting: Gauge
  private let opened: Counter
  private let failed: Counter
  private let refused: Counter
  private let timeouts: Counter
  private let closed: [CloseReason: Counter]
  private let createTime: Timer
  private let waitTime: Timer
  private let useTime: Timer

  init(_ configuration: PostgresPoolConfiguration, factory: any MetricsFactory = MetricsSystem.factory) {
    let pool = (MetricDimension.poolName.rawValue, configuration.name)
    func gauge(_ name: MetricName, _ more: (String, String)...) -> Gauge {
      Gauge(label: name.rawValue, dimensions: [pool] + more, factory: factory)
    }
    func counter(_ name: MetricName, _ more: (String, String)...) -> Counter {
      Counter(label: name.rawValue, dimensions: [pool] + more, factory: factory)
    }
    func timer(_ name: MetricName) -> Timer {
      Timer(label: name.rawValue, dimensions: [pool], factory: factory)
    }
    idle = gauge(.connectionCount, (MetricDimension.state.rawValue, "idle"))
    used = gauge(.connectionCount, (MetricDimension.state.rawValue, "used"))
    waiting = gauge(.pendingRequests)
    opened = counter(.opened)
    failed = counter(.failed)
    refused = counter(.refused)
    timeouts = counter(.timeouts)
    closed = Dictionary(
      uniqueKeysWithValues: CloseReason.allCases.map {
        ($0, counter(.closed, (MetricDimension.reason.rawValue, $0.rawValue)))
      })
    createTime = timer(.createTime)
    waitTime = timer(.waitTime)
    useTime = timer(.useTime)
    gauge(.connectionMaximum).record(configuration.maximumConnections)
    gauge(.connectionMinimum).record(configuration.minimumConnections)
    record(PoolCounts(), insteadOf: nil)
  }

  /// Shows new counts, as far as they differ from those shown before.
  func record(_ counts: PoolCounts, insteadOf shown: PoolCounts?) {
    if counts.idle != shown?.idle { idle.record(counts.idle) }
    if counts.used != shown?.used { used.record(counts.used) }
    if counts.waiting != shown?.waiting { waiting.record(counts.waiting) }
  }

  func noteOpened(after duration: Duration) {
    opened.increment()
    createTime.recordNanoseconds(duration.nanoseconds)
  }

  func noteAttemptFailed() { failed.increment() }

  func noteClosed(_ reason: CloseReason) { closed[reason]?.increment() }

  func noteLease(after duration: Duration) { waitTime.recordNanoseconds(duration.nanoseconds) }

  func noteLeaseEnded(after duration: Duration) { useTime.recordNanoseconds(duration.nanoseconds) }

  func noteFailure(_ failure: PoolFailure) {
    switch failure {
    case .tooManyWaiters: refused.increment()
    case .exhausted: timeouts.increment()
    case .connectionFailed, .shutDown: break
    }
  }
}

public import CoreMetrics
public import Logging
internal import Synchronization
public import TokyoDataCore

/// A backend of swift-metrics that publishes to CloudWatch.
///
/// ```swift
/// let metrics = try CloudWatchMetrics(namespace: "Billing", session: session)
/// MetricsSystem.bootstrap(metrics)
/// // run `metrics` in the service group: it flushes every minute, and once more on shutdown
/// ```
///
/// Counters become the sum since the last flush, gauges and meters their value, recorders and timers every
/// value with its count, so that CloudWatch can tell percentiles; beyond 150 different values in one interval
/// they are rounded to within 5 %. Timers are in milliseconds. Memory is bounded: beyond `maximumSeries`
/// metrics further ones measure nothing, and what cannot be published is kept up to a bound. `lostCount` says
/// how much was lost.
public final class CloudWatchMetrics: MetricsFactory {
  let registry: MetricRegistry
  let output: any MetricOutput
  let interval: Duration
  let clock: any Clock<Duration>
  let logger: Logger?
  let now: @Sendable () -> Timestamp
  private let backlog = Mutex(Backlog())

  /// What waits for the next flush.
  private struct Backlog: Sendable {
    var data: [MetricDatum] = []
    var lost = 0
  }

  /// The most data that wait for a service that does not answer.
  private static let mostWaiting = 10_000

  init(
    output: any MetricOutput, interval: Duration, dimensions: [(String, String)], maximumSeries: Int,
    logger: Logger?, clock: any Clock<Duration>, now: (@Sendable () -> Timestamp)?
  ) {
    registry = MetricRegistry(capacity: maximumSeries, common: dimensions)
    self.output = output
    self.interval = interval
    self.logger = logger
    self.clock = clock
    self.now = now ?? { .systemNow() }
  }

  /// Makes a backend that sends to CloudWatch.
  ///
  /// - Parameters:
  ///   - namespace: Under which CloudWatch shows the metrics.
  ///   - session: Who sends, and where to.
  ///   - interval: The time between two flushes.
  ///   - dimensions: Dimensions of all metrics, such as the service's name.
  ///   - maximumSeries: The most metrics, each set of dimensions being one.
  ///   - logger: Is told by `run` about flushes that failed.
  ///   - clock: What `run` waits by.
  ///   - now: The calendar; the machine's, if nil.
  /// - Throws: `TokyoDataError.invalidArgument` for a namespace that CloudWatch would refuse.
  public convenience init(
    namespace: String, session: AWSSession, interval: Duration = .seconds(60),
    dimensions: [(String, String)] = [], maximumSeries: Int = 10_000, logger: Logger? = nil,
    clock: any Clock<Duration> = ContinuousClock(), now: (@Sendable () -> Timestamp)? = nil
  ) throws(TokyoDataError) {
    try Self.check(namespace)
    self.init(
      output: ServiceMetricOutput(client: session.client(.cloudWatch), namespace: namespace),
      interval: interval, dimensions: dimensions, maximumSeries: maximumSeries, logger: logger, clock: clock,
      now: now)
  }

  /// Makes a backend that writes lines in the embedded metric format, from which CloudWatch takes metrics out
  /// of a log: for Lambda, ECS and EKS, whose output is a log already.
  ///
  /// - Parameters:
  ///   - namespace: Under which CloudWatch shows the metrics.
  ///   - interval: The time between two flushes.
  ///   - dimensions: Dimensions of all metrics, such as the service's name.
  ///   - maximumSeries: The most metrics, each set of dimensions being one.
  ///   - logger: Is told by `run` about flushes that failed.
  ///   - clock: What `run` waits by.
  ///   - now: The calendar; the machine's, if nil.
  ///   - write: Writes a line, with its end, as a whole; to the standard output, if nil.
  /// - Throws: `TokyoDataError.invalidArgument` for a namespace that CloudWatch would refuse.
  public convenience init(
    embeddedIn namespace: String, interval: Duration = .seconds(60), dimensions: [(String, String)] = [],
    maximumSeries: Int = 10_000, logger: Logger? = nil, clock: any Clock<Duration> = ContinuousClock(),
    now: (@Sendable () -> Timestamp)? = nil, write: (@Sendable ([UInt8]) -> Void)? = nil
  ) throws(TokyoDataError) {
    try Self.check(namespace)
    self.init(
      output: EmbeddedMetricOutput(namespace: namespace, write: write ?? StandardOutput.write),
      interval: interval, dimensions: dimensions, maximumSeries: maximumSeries, logger: logger, clock: clock,
      now: now)
  }

  /// How much was lost: data that CloudWatch refused or may not have got, and metrics beyond the bound.
  public var lostCount: Int { backlog.withLock { $0.lost } + registry.refused }

  /// Publishes what was measured since the last time.
  ///
  /// What CloudWatch surely did not take waits for the next flush.
  ///
  /// - Throws: `TokyoDataError` for what could not be published, after all of it was tried;
  ///   `CancellationError`.
  public func flush() async throws {
    let time = now()
    let waiting = backlog.withLock { backlog in
      defer { backlog.data = [] }
      return backlog.data
    }
    let outcome = await output.publish(
      waiting + registry.drain().flatMap { MetricDatum.data($0.id, $0.reading, at: time) })
    backlog.withLock { backlog in
      let kept = (outcome.later + backlog.data).suffix(Self.mostWaiting)
      backlog.lost += outcome.lost + outcome.later.count + backlog.data.count - kept.count
      backlog.data = Array(kept)
    }
    if let error = outcome.error { throw TokyoDataError.of(error, .init(store: "cloudwatch")) }
  }

  private static func check(_ namespace: String) throws(TokyoDataError) {
    guard (1...255).contains(namespace.utf8.count), !namespace.hasPrefix(":"), !namespace.hasPrefix("AWS/"),
      namespace.unicodeScalars.allSatisfy({ (" "..."~").contains($0) })
    else {
      throw TokyoDataError(
        .invalidArgument,
        "a namespace has 1 to 255 printable characters of ASCII, and begins with neither : nor AWS/")
    }
  }
}

extension CloudWatchMetrics {
  /// A counter that publishes the sum since the last flush.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    registry.series(label, dimensions, .counter, CounterSeries.init) ?? NOOPMetricsHandler.instance
  }

  /// As `makeCounter`, of parts too.
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    registry.series(label, dimensions, .counter, CounterSeries.init) ?? NOOPMetricsHandler.instance
  }

  /// A meter that publishes the value that it was last set to.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    registry.series(label, dimensions, .gauge, GaugeSeries.init) ?? NOOPMetricsHandler.instance
  }

  /// A recorder that publishes every value, or, for a gauge, the last one.
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else {
      return registry.series(label, dimensions, .gauge, GaugeSeries.init) ?? NOOPMetricsHandler.instance
    }
    return registry.series(label, dimensions, .recorder) { DistributionSeries(.none) }
      ?? NOOPMetricsHandler.instance
  }

  /// A timer that publishes every duration.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    registry.series(label, dimensions, .timer) { DistributionSeries(.milliseconds) }
      ?? NOOPMetricsHandler.instance
  }

  /// Forgets a counter after its next flush.
  public func destroyCounter(_ handler: any CounterHandler) { registry.release(handler) }
  /// Forgets a counter after its next flush.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    registry.release(handler)
  }
  /// Forgets a meter after its next flush.
  public func destroyMeter(_ handler: any MeterHandler) { registry.release(handler) }
  /// Forgets a recorder after its next flush.
  public func destroyRecorder(_ handler: any RecorderHandler) { registry.release(handler) }
  /// Forgets a timer after its next flush.
  public func destroyTimer(_ handler: any TimerHandler) { registry.release(handler) }
}

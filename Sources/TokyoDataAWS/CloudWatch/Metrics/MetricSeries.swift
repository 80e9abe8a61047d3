internal import Metrics
internal import Synchronization

/// Something that programs measure and flushes read.
protocol MetricSeries: AnyObject, Sendable {
  /// What is to be published now, and begins anew for the next time; nil where nothing was measured.
  func drain() -> MetricReading?
}

/// What one series measured since the last flush.
struct MetricReading: Hashable, Sendable {
  /// Each value with the number of times that it occurred.
  var counts: [Double: Double]
  var unit: MetricUnit
}

/// A sum that is published as what came since the last flush.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
  private let sum = Mutex(0.0)

  func increment(by amount: Int64) { increment(by: Double(amount)) }

  func increment(by amount: Double) {
    guard amount.isFinite else { return }
    sum.withLock { $0 += amount }
  }

  func reset() { sum.withLock { $0 = 0 } }

  func drain() -> MetricReading? {
    let sum = sum.withLock { sum in
      defer { sum = 0 }
      return sum
    }
    guard sum != 0, sum.magnitude <= ValueCounts.largest else { return nil }
    return MetricReading(counts: [sum: 1], unit: .count)
  }
}

/// A value that stays until it is set anew, and is published as often as there is a flush.
final class GaugeSeries: MetricSeries, RecorderHandler, MeterHandler {
  private let value = Mutex<Double?>(nil)

  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
  func set(_ value: Int64) { set(Double(value)) }

  func set(_ value: Double) {
    guard value.magnitude <= ValueCounts.largest else { return }
    self.value.withLock { $0 = value }
  }

  func increment(by amount: Double) {
    guard amount.isFinite else { return }
    value.withLock { $0 = ($0 ?? 0) + amount }
  }

  func decrement(by amount: Double) { increment(by: -amount) }

  func drain() -> MetricReading? {
    guard let value = value.withLock({ $0 }), value.magnitude <= ValueCounts.largest else { return nil }
    return MetricReading(counts: [value: 1], unit: .none)
  }
}

/// Values of which each one counts: CloudWatch can tell their percentiles.
final class DistributionSeries: MetricSeries, RecorderHandler, TimerHandler {
  private let values = Mutex(ValueCounts())
  private let unit: MetricUnit

  init(_ unit: MetricUnit) { self.unit = unit }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) { values.withLock { _ = $0.add(value) } }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e6) }

  func drain() -> MetricReading? {
    let values = values.withLock { values in
      defer { values = ValueCounts() }
      return values
    }
    return values.isEmpty ? nil : MetricReading(counts: values.counts, unit: unit)
  }
}

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The values of a metric between two flushes, and how often each occurred.
///
/// As long as there are few different ones they are kept as they are. Then they are put into buckets, each a
/// tenth wider than the one below, so that memory stays bounded and percentiles are right to a twentieth.
struct ValueCounts: Sendable {
  private(set) var counts: [Double: Double] = [:]
  private var isRough = false

  /// CloudWatch refuses values that are larger, or no numbers.
  static let largest = exp2(360.0)

  var isEmpty: Bool { counts.isEmpty }

  /// - Returns: whether CloudWatch takes such a value.
  mutating func add(_ value: Double) -> Bool {
    guard value.magnitude <= Self.largest else { return false }
    counts[isRough ? Self.bucket(of: value) : value, default: 0] += 1
    if !isRough, counts.count > MetricDatum.mostValues {
      isRough = true
      var buckets: [Double: Double] = [:]
      for (value, count) in counts { buckets[Self.bucket(of: value), default: 0] += count }
      counts = buckets
    }
    return true
  }

  /// The middle of the bucket of a value; all that is next to nothing is nothing.
  static func bucket(of value: Double) -> Double {
    guard value.magnitude >= 1e-9 else { return 0 }
    let width = 1.1
    let exponent = (log(value.magnitude) / log(width)).rounded()
    return value < 0 ? -pow(width, exponent) : pow(width, exponent)
  }
}

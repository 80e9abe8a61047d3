/// What CloudWatch takes of one metric at one time.
struct MetricDatum: Hashable, Sendable, Encodable {
  /// The most values that one of them may have.
  static let mostValues = 150

  var metricName: String
  var dimensions: [MetricLabel]?
  var timestamp: EpochSeconds
  /// The one value, where there is one.
  var value: Double?
  /// The values, each with the number of times in `counts`.
  var values: [Double]?
  var counts: [Double]?
  var unit: MetricUnit

  /// How many different values it has.
  var valueCount: Int { values?.count ?? 1 }
}

/// A dimension of a metric.
struct MetricLabel: Hashable, Sendable, Encodable {
  var name: String
  var value: String
}

/// What a value counts, in CloudWatch's words.
enum MetricUnit: String, Hashable, Sendable, Encodable {
  case count = "Count"
  case milliseconds = "Milliseconds"
  case none = "None"
}

internal import TokyoDataCore

/// Where readings go.
protocol MetricOutput: Sendable {
  /// Publishes what was measured by an instant.
  ///
  /// - Returns: what is to be tried again with the next flush, and how much was lost.
  func publish(_ data: [MetricDatum]) async -> MetricOutcome
}

/// How publishing went.
struct MetricOutcome: Sendable {
  /// What the service surely did not take, but may take later.
  var later: [MetricDatum] = []
  /// What the service may have taken or not, and what it never will take.
  var lost = 0
  var error: (any Error)?
}

extension MetricDatum {
  /// The data of a reading: as many as its values need.
  static func data(_ id: MetricSeriesID, _ reading: MetricReading, at time: Timestamp) -> [MetricDatum] {
    var datum = MetricDatum(
      metricName: id.name, dimensions: id.dimensions.isEmpty ? nil : id.dimensions,
      timestamp: EpochSeconds(time), unit: reading.unit)
    if reading.counts.count == 1, let only = reading.counts.first, only.value == 1 {
      datum.value = only.key
      return [datum]
    }
    return reading.counts.sorted { $0.key < $1.key }.batches(of: mostValues).map { batch in
      datum.values = batch.map(\.key)
      datum.counts = batch.map(\.value)
      return datum
    }
  }
}

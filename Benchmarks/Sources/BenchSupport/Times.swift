/// How long each call took, and from when to when there were calls.
package struct Times: Sendable {
  /// Of each call; in order of size where parts were joined.
  package private(set) var latencies: [Duration]
  private(set) var start: ContinuousClock.Instant
  private(set) var end: ContinuousClock.Instant

  /// Makes times of one task.
  init(latencies: [Duration], start: ContinuousClock.Instant, end: ContinuousClock.Instant) {
    self.latencies = latencies
    self.start = start
    self.end = end
  }

  /// Makes the times of all tasks together.
  init(joining parts: [Times]) throws {
    guard let start = parts.map(\.start).min(), let end = parts.map(\.end).max() else {
      throw BenchError("no task has run")
    }
    self.init(latencies: parts.flatMap(\.latencies).sorted(), start: start, end: end)
    guard !latencies.isEmpty else { throw BenchError("no call was made") }
  }

  /// Calls a second, and the 50th and 99th percentile of their latencies in microseconds.
  package var summary: String {
    "\(Int(Double(latencies.count) / (end - start).seconds)) \(microseconds(0.5)) \(microseconds(0.99))"
  }

  private func microseconds(_ share: Double) -> Int {
    let place = min(latencies.count - 1, Int(Double(latencies.count) * share))
    return Int(latencies[place] / .microseconds(1))
  }
}

internal import Metrics
internal import Synchronization

/// The series of a factory: as many as were asked for, up to a bound.
final class MetricRegistry: Sendable {
  /// What makes two metrics of one name two: a counter is not a gauge.
  enum Kind: Hashable, Sendable { case counter, gauge, recorder, timer }

  private struct Key: Hashable, Sendable {
    var id: MetricSeriesID
    var kind: Kind
  }

  private struct Entry: Sendable {
    var series: any MetricSeries
    /// How many handlers of the program use it; without any it goes after its last flush.
    var users = 0
  }

  private struct State: Sendable {
    var entries: [Key: Entry] = [:]
    var keys: [ObjectIdentifier: Key] = [:]
    var refused = 0
  }

  private let state = Mutex(State())
  private let capacity: Int
  private let common: [(String, String)]

  init(capacity: Int, common: [(String, String)]) {
    self.capacity = capacity
    self.common = common
  }

  /// The series that a program measures by; nil where there are too many, or it has no name.
  func series<Series: MetricSeries>(
    _ label: String, _ dimensions: [(String, String)], _ kind: Kind, _ make: () -> Series
  ) -> Series? {
    guard let id = MetricSeriesID(label, dimensions, common: common) else { return nil }
    let key = Key(id: id, kind: kind)
    return state.withLock { state in
      if let known = state.entries[key]?.series as? Series {
        state.entries[key]?.users += 1
        return known
      }
      guard state.entries.count < capacity else {
        state.refused += 1
        return nil
      }
      let series = make()
      state.entries[key] = Entry(series: series, users: 1)
      state.keys[ObjectIdentifier(series)] = key
      return series
    }
  }

  /// A handler of the program is no longer used.
  func release(_ handler: AnyObject) {
    state.withLock { state in
      guard let key = state.keys[ObjectIdentifier(handler)] else { return }
      state.entries[key]?.users -= 1
    }
  }

  /// Series for which there was no room.
  var refused: Int { state.withLock { $0.refused } }

  /// What all series measured since the last time, in the order of their names.
  func drain() -> [(id: MetricSeriesID, reading: MetricReading)] {
    state.withLock { state in
      var readings: [(id: MetricSeriesID, reading: MetricReading)] = []
      for (key, entry) in state.entries {
        if let reading = entry.series.drain() { readings.append((key.id, reading)) }
        guard entry.users <= 0 else { continue }
        state.entries[key] = nil
        state.keys[ObjectIdentifier(entry.series)] = nil
      }
      return readings.sorted { $0.id.name < $1.id.name }
    }
  }
}

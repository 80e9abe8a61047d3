/// Rows and ledger of one dataset at one instant: what a snapshot copies.
struct HotView: Sendable {
  /// The place of an undated dataset's rows.
  static let undated = Day(daysSince1970: 0)

  var dataset: Dataset
  var epoch = Int64.random(in: .min ... .max)
  var days: [Day: DayRows] = [:]
  var states: [Day: DayCoverage] = [:]
  var versions: [VersionID: VersionRecord] = [:]
  var marks: Set<Mark> = []

  func coverage() -> Coverage {
    let named = states.values.compactMap { $0.version }
    var current: [VersionID: VersionRecord] = [:]
    for id in named { current[id] = versions[id] }
    return Coverage(epoch: epoch, days: states, marked: Set(marks.map(\.day)), versions: current)
  }

  func state(of day: Day) -> DayCoverage {
    states[day] ?? DayCoverage(day: day, state: .hot, version: nil)
  }

  /// The day is no longer whole in hot: a row here replaces one of the lake, or adds to the lake's.
  func isRetired(_ day: Day) -> Bool {
    switch state(of: day).state {
    case .cold, .expired: true
    case .hot, .both, .suspect: false
    }
  }

  /// The days that hold rows and of which some instant lies in one of the ranges, ascending.
  func days(in ranges: [TimeRange]) -> [Day] {
    let held = days.lazy.filter { !$0.value.batches.isEmpty }.map(\.key)
    guard dataset.isDated else { return Array(held) }
    return held.filter { day in ranges.contains { $0.touches(day) } }.sorted()
  }

  /// A new number, unlike the one before.
  mutating func changeEpoch() {
    let before = epoch
    repeat { epoch = .random(in: .min ... .max) } while epoch == before
  }
}

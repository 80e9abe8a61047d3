internal import TokyoDataCore

/// The length of the partitions that are made.
public enum PartitionUnit: String, Hashable, Sendable, CaseIterable {
  /// One UTC day each.
  case day
  /// One calendar month each, in UTC.
  case month

  /// The first day of the unit that a day lies in.
  func start(of day: Day) -> Day {
    guard self == .month else { return day }
    return day.advanced(by: 1 - day.civil.day)
  }

  /// The first day after the unit that a day lies in.
  func end(of day: Day) -> Day {
    guard self == .month else { return day.next }
    // 31 days after a month's first day always lie in the next month.
    return start(of: start(of: day).advanced(by: 31))
  }

  /// The ranges that fill the gaps which existing partitions leave in a range, cut where units end.
  func pieces(filling range: Range<Day>, beside taken: [Range<Day>]) -> [Range<Day>] {
    var pieces: [Range<Day>] = []
    var later = taken.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }[...]
    var day = range.lowerBound
    while day < range.upperBound {
      while let first = later.first, first.upperBound <= day { later.removeFirst() }
      if let first = later.first, first.lowerBound <= day {
        day = first.upperBound
        continue
      }
      let end = min(end(of: day), range.upperBound, later.first?.lowerBound ?? range.upperBound)
      pieces.append(day..<end)
      day = end
    }
    return pieces
  }
}

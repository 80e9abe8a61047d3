/// A half-open range of instants, `[from, until)`; an absent end is open.
public struct TimeRange: Hashable, Sendable {
  /// The first instant inside; nil for no beginning.
  public var from: Timestamp?
  /// The first instant outside; nil for no end.
  public var until: Timestamp?

  /// Makes a range.
  public init(from: Timestamp? = nil, until: Timestamp? = nil) {
    self.from = from
    self.until = until
  }

  /// Makes the range of whole days, both included.
  public init(_ days: ClosedRange<Day>) {
    self.init(from: days.lowerBound.start, until: days.upperBound.next.start)
  }

  /// All of time.
  public static let unbounded = TimeRange()

  /// No instant lies inside.
  public var isEmpty: Bool {
    guard let from, let until else { return false }
    return from >= until
  }

  /// The instant lies inside.
  public func contains(_ instant: Timestamp) -> Bool {
    (from.map { $0 <= instant } ?? true) && (until.map { instant < $0 } ?? true)
  }

  /// Every instant of the day lies inside.
  public func covers(_ day: Day) -> Bool {
    (from.map { $0 <= day.start } ?? true) && (until.map { day.next.start <= $0 } ?? true)
  }

  /// Some instant of the day lies inside.
  public func touches(_ day: Day) -> Bool {
    !isEmpty && (from.map { $0 < day.next.start } ?? true) && (until.map { day.start < $0 } ?? true)
  }

  /// The instants that lie in both.
  public func intersection(_ other: TimeRange) -> TimeRange {
    TimeRange(
      from: [from, other.from].compactMap { $0 }.max(), until: [until, other.until].compactMap { $0 }.min())
  }

  /// The instants of this range that lie in none of the days, as ascending ranges that do not touch.
  public func excluding(_ days: some Sequence<Day>) -> [TimeRange] {
    var ranges: [TimeRange] = []
    var begin = from
    for day in Set(days).sorted() where touches(day) {
      let gap = TimeRange(from: begin, until: day.start)
      if !gap.isEmpty { ranges.append(gap) }
      begin = day.next.start
    }
    let rest = TimeRange(from: begin, until: until)
    if !rest.isEmpty { ranges.append(rest) }
    return ranges
  }
}

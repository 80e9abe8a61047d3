extension Dataset {
  /// The day under which the ledger keeps an undated dataset, which is one unit.
  public static let undatedUnit = Day(daysSince1970: 0)

  /// The day of a row by its time column's value; nil for an undated dataset or a value of another kind.
  public func day(of time: ColumnValue) -> Day? {
    guard isDated else { return nil }
    switch time {
    case .timestamp(let instant): return instant.day
    case .date(let day): return day
    case .localTimestamp(let local): return local.day
    default: return nil
    }
  }

  /// The days that a half-open range of instants touches; nil where it has an open end.
  public func days(in range: TimeRange) -> ClosedRange<Day>? {
    guard let from = range.from, let until = range.until, from < until else { return nil }
    return from.day...until.adding(microseconds: -1).day
  }
}

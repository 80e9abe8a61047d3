internal import TokyoDataCore

extension SourceTable {
  /// The dataset's time column lies in one of the ranges.
  ///
  /// Bounds are literals of the column's own type, so that an index on it serves and a row's day is the
  /// same here as in the triggers: half-open ranges, never a function of the column.
  func within(_ ranges: [TimeRange], of dataset: Dataset) throws(TokyoDataError) -> PostgresStatement {
    guard let timeColumn = dataset.timeColumn else { return "true" }
    let column: PostgresStatement = "\(identifier: timeColumn)"
    var conditions: [PostgresStatement] = []
    for range in ranges {
      if let until = range.until, until <= Self.earliest { continue }
      let from = range.from.flatMap { $0 <= Self.earliest ? nil : $0 }
      let bounds: [PostgresStatement] = [
        from.map { "\(column) >= \(bound($0, dataset))" },
        range.until.map { "\(column) < \(bound($0, dataset))" },
      ].compactMap { $0 }
      guard !bounds.isEmpty else { return "true" }
      conditions.append("(\(.joining(bounds, separator: " AND ")))")
    }
    return conditions.isEmpty ? "false" : "(\(.joining(conditions, separator: " OR ")))"
  }

  /// The first instant of PostgreSQL's calendar, 4714-11-24 BC; the last is beyond what we count.
  private static let earliest = Timestamp(microsecondsSince1970: -210_866_803_200_000_000)

  /// An instant as the time column would write it.
  ///
  /// A date stands for its first instant, so a bound within a day becomes the next one.
  private func bound(_ instant: Timestamp, _ dataset: Dataset) -> PostgresStatement {
    switch dataset.timeType {
    case .date: "\(instant == instant.day.start ? instant.day : instant.day.next)"
    case .localTimestamp: "\(LocalTimestamp(microsecondsSince1970: instant.microsecondsSince1970))"
    default: "\(instant)"
    }
  }

  /// The UTC date of the time column.
  func dayExpression(of dataset: Dataset) -> PostgresStatement {
    guard let timeColumn = dataset.timeColumn else { return "NULL::date" }
    let column: PostgresStatement = "\(identifier: timeColumn)"
    return switch dataset.timeType {
    case .timestamp: "(\(column) AT TIME ZONE 'UTC')::date"
    case .date: column
    default: "\(column)::date"
    }
  }
}

internal import TokyoDataCore

/// The whole UTC days of a range partition, half-open; nil where a side has no end.
struct PartitionBounds: Hashable {
  var from: Day?
  var until: Day?

  init(from: Day?, until: Day?) {
    self.from = from
    self.until = until
  }

  /// Reads what `pg_get_expr` says in a session whose time zone is UTC; nil unless the bounds are whole days.
  init?(_ text: String) {
    // FOR VALUES FROM ('a') TO ('b'), where MINVALUE and MAXVALUE stand without quotes.
    guard text.hasPrefix("FOR VALUES FROM (") else { return nil }
    let words = text.split(separator: "'", omittingEmptySubsequences: false)
    switch (words.count, text.contains("MINVALUE"), text.contains("MAXVALUE")) {
    case (5, false, false):
      guard let from = Self.day(words[1]), let until = Self.day(words[3]) else { return nil }
      self.init(from: from, until: until)
    case (3, true, false):
      guard let until = Self.day(words[1]) else { return nil }
      self.init(from: nil, until: until)
    case (3, false, true):
      guard let from = Self.day(words[1]) else { return nil }
      self.init(from: from, until: nil)
    case (1, true, true): self.init(from: nil, until: nil)
    default: return nil
    }
  }

  private static func day(_ word: Substring) -> Day? {
    guard let instant = TableStructure.instant(word), instant == instant.day.start else { return nil }
    return instant.day
  }

  /// The days as a range whose missing ends are the ends of what a day can count.
  var range: Range<Day> {
    let from = from ?? Day(daysSince1970: .min)
    return from..<max(from, until ?? Day(daysSince1970: .max))
  }

  /// A date of the ledger lies in the bounds.
  func contains(_ day: PostgresStatement) -> PostgresStatement {
    let ends: [PostgresStatement?] = [from.map { "\(day) >= \($0)" }, until.map { "\(day) < \($0)" }]
    return .joining(["true"] + ends.compactMap { $0 }, separator: " AND ")
  }

  /// The clause of ATTACH, with literals of the time column's own type.
  func clause(of dataset: Dataset) -> PostgresStatement {
    func bound(_ day: Day?, _ end: String) -> String {
      guard let day else { return end }
      return switch dataset.timeType {
      case .date: "'\(day)'"
      case .localTimestamp: "'\(day) 00:00:00'"
      default: "'\(day) 00:00:00+00'"
      }
    }
    let text = "FOR VALUES FROM (\(bound(from, "MINVALUE"))) TO (\(bound(until, "MAXVALUE")))"
    return PostgresStatement(unescaped: text)
  }
}

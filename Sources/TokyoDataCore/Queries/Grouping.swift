/// What rows are grouped by: a column, or the calendar bucket of a time column.
@nonexhaustive
public enum Grouping: Hashable, Sendable {
  /// The values of a column; nulls form one group, as do all NaNs, and −0.0 with 0.0.
  case column(String)
  /// The first day of the bucket in which the column's time lies, as a date.
  case bucket(TimeBucket)

  /// The result column's name.
  public var name: String {
    switch self {
    case .column(let name): name
    case .bucket(let bucket): bucket.name
    }
  }

  /// The buckets of a unit of the dataset's time column, in UTC.
  public static func bucket(_ unit: TimeBucket.Unit, as name: String? = nil) -> Grouping {
    .bucket(TimeBucket(unit, as: name))
  }

  /// By day of the dataset's time column.
  public static let day = bucket(.day)
  /// By ISO week, which begins on Monday, of the dataset's time column.
  public static let week = bucket(.week)
  /// By month of the dataset's time column.
  public static let month = bucket(.month)
  /// By quarter of the dataset's time column.
  public static let quarter = bucket(.quarter)
  /// By year of the dataset's time column.
  public static let year = bucket(.year)
}

/// Calendar buckets of a time column in a zone.
public struct TimeBucket: Hashable, Sendable {
  /// The length of a bucket.
  @nonexhaustive
  public enum Unit: String, Hashable, Sendable, Codable, CaseIterable {
    /// A date.
    case day
    /// An ISO week, from Monday.
    case week
    /// A calendar month.
    case month
    /// Three calendar months, from January.
    case quarter
    /// A calendar year.
    case year
  }

  /// The length of a bucket.
  public var unit: Unit
  /// The time column; nil for the dataset's own.
  public var column: String?
  /// The zone in which days begin; only `UTC` is supported now.
  public var zone: String
  /// The result column's name.
  public var name: String

  /// Makes buckets, named after their unit unless said otherwise.
  public init(_ unit: Unit, of column: String? = nil, in zone: String = "UTC", as name: String? = nil) {
    self.unit = unit
    self.column = column
    self.zone = zone
    self.name = name ?? unit.rawValue
  }

  /// The first day of the bucket that holds a day.
  public func start(of day: Day) -> Day {
    let (year, month, _) = day.civil
    switch unit {
    case .day: return day
    case .week:
      // 1970-01-01 was a Thursday, three days after a Monday.
      let sinceMonday = (Int(day.daysSince1970) + 3) % 7
      return day.advanced(by: -(sinceMonday < 0 ? sinceMonday + 7 : sinceMonday))
    case .month: return Day(year: year, month: month, day: 1) ?? day
    case .quarter: return Day(year: year, month: (month - 1) / 3 * 3 + 1, day: 1) ?? day
    case .year: return Day(year: year, month: 1, day: 1) ?? day
    }
  }
}

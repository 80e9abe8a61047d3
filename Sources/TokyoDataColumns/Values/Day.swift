/// A UTC calendar date, counted in days since 1970-01-01.
///
/// The proleptic Gregorian calendar holds for every value; `description` is `YYYY-MM-DD`.
public struct Day: Hashable, Sendable {
  /// Days since 1970-01-01; negative before it.
  public var daysSince1970: Int32

  /// Makes the day that lies `daysSince1970` days after 1970-01-01.
  public init(daysSince1970: Int32) {
    self.daysSince1970 = daysSince1970
  }

  /// Makes the day of a calendar date, or nil where the calendar has no such date.
  public init?(year: Int, month: Int, day: Int) {
    guard (-5_000_000...5_000_000).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilCalendar.daysInMonth(year: year, month: month)
    else { return nil }
    self.init(daysSince1970: Int32(CivilCalendar.daysSince1970(year: year, month: month, day: day)))
  }

  /// The calendar date as year, month (1–12) and day of the month (1–31).
  public var civil: (year: Int, month: Int, day: Int) {
    CivilCalendar.civil(daysSince1970: Int(daysSince1970))
  }

  /// The instant at which the day begins in UTC.
  public var start: Timestamp {
    Timestamp(microsecondsSince1970: Int64(daysSince1970) &* CivilCalendar.microsecondsPerDay)
  }

  /// The half-open range of instants that the day covers in UTC.
  public var range: Range<Timestamp> { start..<next.start }

  /// The day after this one.
  public var next: Day { advanced(by: 1) }
}

extension Day: Strideable {
  /// The left one comes first.
  public static func < (left: Day, right: Day) -> Bool { left.daysSince1970 < right.daysSince1970 }

  /// The days from this one to another.
  public func distance(to other: Day) -> Int { Int(other.daysSince1970) - Int(daysSince1970) }

  /// The day `count` days later, held at the ends of what a day can count.
  public func advanced(by count: Int) -> Day {
    let (sum, overflow) = Int(daysSince1970).addingReportingOverflow(count)
    guard !overflow else { return Day(daysSince1970: count < 0 ? .min : .max) }
    return Day(daysSince1970: Int32(clamping: sum))
  }
}

extension Day: LosslessStringConvertible {
  /// Reads `YYYY-MM-DD`, with more digits or a sign for years outside 0000–9999.
  public init?(_ description: String) {
    var text = CalendarText(description)
    guard let (year, month, day) = text.date(), text.isAtEnd,
      let value = Day(year: year, month: month, day: day)
    else { return nil }
    self = value
  }

  /// The value as text.
  public var description: String { CalendarText.date(civil) }
}

extension Day: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(Day.self, expected: "a date YYYY-MM-DD")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}

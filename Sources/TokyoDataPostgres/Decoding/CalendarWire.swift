internal import TokyoDataCore

/// Dates and timestamps as PostgreSQL counts them: since 2000-01-01, with the ends of the range for ±infinity.
enum CalendarWire {
  /// Days from 1970-01-01 to 2000-01-01.
  private static let epochDays: Int32 = 10_957
  private static let epochMicroseconds: Int64 = 946_684_800_000_000
  /// From 4714-11-24 BC to 5874897-12-31, PostgreSQL's dates.
  private static let wireDays: ClosedRange<Int32> = -2_451_545...2_145_031_948
  /// From 4714-11-24 BC to the end of 294276, PostgreSQL's timestamps.
  private static let wireMicroseconds: Range<Int64> = -211_813_488_000_000_000..<9_223_371_331_200_000_000

  /// The date or timestamp is none of the two infinities.
  static func isFinite(_ wire: some FixedWidthInteger) -> Bool { wire != .max && wire != .min }

  /// Days since 1970 of a date from the server.
  static func daysSince1970(_ wire: Int32) throws(PostgresError) -> Int32 {
    guard isFinite(wire) else { throw infinite }
    let (days, overflow) = wire.addingReportingOverflow(epochDays)
    guard !overflow else { throw outOfRange("a date") }
    return days
  }

  /// Microseconds since 1970 of a timestamp from the server.
  static func microsecondsSince1970(_ wire: Int64) throws(PostgresError) -> Int64 {
    guard isFinite(wire) else { throw infinite }
    let (microseconds, overflow) = wire.addingReportingOverflow(epochMicroseconds)
    guard !overflow else { throw outOfRange("a timestamp") }
    return microseconds
  }

  /// The date that the server shall read.
  static func date(_ daysSince1970: Int32) throws(PostgresError) -> Int32 {
    let (wire, overflow) = daysSince1970.subtractingReportingOverflow(epochDays)
    guard !overflow, wireDays.contains(wire) else { throw outOfRange("a date") }
    return wire
  }

  /// The timestamp that the server shall read.
  static func timestamp(_ microsecondsSince1970: Int64) throws(PostgresError) -> Int64 {
    let (wire, overflow) = microsecondsSince1970.subtractingReportingOverflow(epochMicroseconds)
    guard !overflow, wireMicroseconds.contains(wire) else { throw outOfRange("a timestamp") }
    return wire
  }

  /// Microseconds since midnight of a time of day from the server, or for it; it may be 24:00.
  static func microsecondsSinceMidnight(_ microseconds: Int64) throws(PostgresError) -> Int64 {
    guard (0...CivilCalendar.microsecondsPerDay).contains(microseconds) else {
      throw outOfRange("a time of day")
    }
    return microseconds
  }

  static var infinite: PostgresError {
    PostgresError(.valueNotRepresentable, "an infinite date or timestamp has no place in a column")
  }

  private static func outOfRange(_ what: String) -> PostgresError {
    PostgresError(.valueNotRepresentable, "\(what) lies outside the range that both sides can count")
  }
}

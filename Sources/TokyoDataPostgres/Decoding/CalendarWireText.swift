internal import TokyoDataCore

/// Dates and timestamps as PostgreSQL writes them: years before 1 count backwards and end in `BC`.
enum CalendarWireText {
  /// The text with years as the calendar of ISO 8601 counts them: 1 BC is year 0.
  static func civil(_ text: String) -> String {
    guard text.hasSuffix(" BC"), let end = text.firstIndex(of: "-"), let year = Int(text[..<end]),
      (1...9_999_999).contains(year)
    else { return text }
    return "-\(padded(year - 1, 4))\(text[end...].dropLast(3))"
  }

  /// The date for the server to read.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` where PostgreSQL has no such date.
  static func date(_ day: Day) throws(PostgresError) -> String {
    _ = try CalendarWire.date(day.daysSince1970)
    return join(day, "")
  }

  /// The time for the server to read, followed by an offset, if any.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` where PostgreSQL has no such time.
  static func timestamp(_ microseconds: Int64, offset: String) throws(PostgresError) -> String {
    _ = try CalendarWire.timestamp(microseconds)
    let (day, withinDay) = CivilCalendar.split(microseconds)
    let time = TimeOfDay(microsecondsSinceMidnight: withinDay)
    return join(Day(daysSince1970: Int32(clamping: day)), " \(time)\(offset)")
  }

  private static func join(_ day: Day, _ rest: String) -> String {
    let (year, month, dayOfMonth) = day.civil
    guard year < 1 else { return "\(day)\(rest)" }
    return "\(padded(1 - year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))\(rest) BC"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

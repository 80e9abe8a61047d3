/// Reads and prints the ISO 8601 forms of dates and times that the value types share.
struct CalendarText {
  private var rest: Substring.UTF8View

  init(_ text: String) {
    rest = text[...].utf8
  }

  var isAtEnd: Bool { rest.isEmpty }

  // MARK: Reading

  /// Reads `[-+]YYYY-MM-DD`; the year has at least four digits.
  mutating func date() -> (year: Int, month: Int, day: Int)? {
    let negative = accept(UInt8(ascii: "-"))
    if !negative { _ = accept(UInt8(ascii: "+")) }
    guard let year = number(digits: 4...7), accept(UInt8(ascii: "-")),
      let month = number(digits: 2...2), accept(UInt8(ascii: "-")),
      let day = number(digits: 2...2)
    else { return nil }
    return (negative ? -year : year, month, day)
  }

  /// Reads a date, then optionally `T` or a space and `HH:MM[:SS[.ffffff]]`, as microseconds since 1970.
  mutating func dateTime() -> Int64? {
    guard let (year, month, dayOfMonth) = date(),
      let day = Day(year: year, month: month, day: dayOfMonth)
    else { return nil }
    var withinDay: Int64 = 0
    if accept(UInt8(ascii: "T")) || accept(UInt8(ascii: " ")) {
      guard let time = time() else { return nil }
      withinDay = time
    }
    let (start, overflow) = Int64(day.daysSince1970)
      .multipliedReportingOverflow(by: CivilCalendar.microsecondsPerDay)
    let (sum, sumOverflow) = start.addingReportingOverflow(withinDay)
    return overflow || sumOverflow ? nil : sum
  }

  /// Reads `Z`, `+HH:MM`, `+HHMM` or `+HH` as microseconds east of UTC; nil where there is no offset.
  mutating func offset() -> Int64? {
    if accept(UInt8(ascii: "Z")) || accept(UInt8(ascii: "z")) { return 0 }
    let sign: Int64
    if accept(UInt8(ascii: "+")) {
      sign = 1
    } else if accept(UInt8(ascii: "-")) {
      sign = -1
    } else {
      return nil
    }
    guard let hours = number(digits: 2...2), hours <= 18 else { return nil }
    let colon = accept(UInt8(ascii: ":"))
    var minutes = 0
    if colon || !rest.isEmpty {
      guard let read = number(digits: 2...2), read < 60 else { return nil }
      minutes = read
    }
    return sign * Int64(hours * 60 + minutes) * 60 * CivilCalendar.microsecondsPerSecond
  }

  /// Reads a time of day, `24:00:00` included, as microseconds since midnight.
  mutating func timeOfDay() -> Int64? {
    let start = rest
    if let value = time() { return value }
    rest = start
    guard number(digits: 2...2) == 24, accept(UInt8(ascii: ":")), number(digits: 2...2) == 0 else {
      return nil
    }
    if accept(UInt8(ascii: ":")) {
      guard number(digits: 2...2) == 0 else { return nil }
      if accept(UInt8(ascii: ".")) {
        guard number(digits: 1...6) == 0 else { return nil }
      }
    }
    return CivilCalendar.microsecondsPerDay
  }

  private mutating func time() -> Int64? {
    guard let hour = number(digits: 2...2), hour < 24, accept(UInt8(ascii: ":")),
      let minute = number(digits: 2...2), minute < 60
    else { return nil }
    var microseconds = Int64(hour * 60 + minute) * 60 * CivilCalendar.microsecondsPerSecond
    if accept(UInt8(ascii: ":")) {
      guard let second = number(digits: 2...2), second < 60 else { return nil }
      microseconds += Int64(second) * CivilCalendar.microsecondsPerSecond
      if accept(UInt8(ascii: ".")) {
        let before = rest.count
        guard let fraction = number(digits: 1...6) else { return nil }
        var scaled = Int64(fraction)
        for _ in (before - rest.count)..<6 { scaled *= 10 }
        microseconds += scaled
      }
    }
    return microseconds
  }

  private mutating func accept(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func number(digits: ClosedRange<Int>) -> Int? {
    var value = 0
    var count = 0
    while count < digits.upperBound, let byte = rest.first, (48...57).contains(byte) {
      value = value * 10 + Int(byte - 48)
      count += 1
      rest.removeFirst()
    }
    return count >= digits.lowerBound ? value : nil
  }

  // MARK: Printing

  static func date(_ civil: (year: Int, month: Int, day: Int)) -> String {
    let sign = civil.year < 0 ? "-" : ""
    return "\(sign)\(padded(abs(civil.year), 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
  }

  /// Prints microseconds since 1970 as a date and a time with six fraction digits.
  static func dateTime(_ microseconds: Int64) -> String {
    let (day, withinDay) = CivilCalendar.split(microseconds)
    return "\(date(CivilCalendar.civil(daysSince1970: Int(day))))T\(timeOfDay(withinDay))"
  }

  /// Prints microseconds since midnight as a time with six fraction digits.
  static func timeOfDay(_ microseconds: Int64) -> String {
    let (seconds, fraction) = microseconds.magnitude.quotientAndRemainder(
      dividingBy: UInt64(CivilCalendar.microsecondsPerSecond))
    let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded(Int($0), 2) }
    return "\(microseconds < 0 ? "-" : "")\(time.joined(separator: ":")).\(padded(Int(fraction), 6))"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

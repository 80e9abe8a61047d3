import Testing
import TokyoDataColumns

@Suite("Days and times")
struct CalendarTests {
  @Test(
    "a date is the day that the calendar says",
    arguments: [
      ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2024-02-29", 19_782),
      ("2100-03-01", 47_541), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("0000-01-01", -719_528),
      ("-0001-12-31", -719_529), ("12345-06-07", 3_789_548),
    ])
  func days(text: String, number: Int32) throws {
    #expect(Day(text)?.daysSince1970 == number)
    #expect(Day(daysSince1970: number).description == text)
  }

  @Test(
    "what is no date is refused",
    arguments: [
      "", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31", "2024-1-1",
      "24-01-01", "2024-01-01 ", "2024-01-01T00:00", "2024/01/01", "20240101",
    ])
  func noDate(text: String) { #expect(Day(text) == nil) }

  @Test("every day of four centuries follows the one before it")
  func everyDay() {
    var day = Day(daysSince1970: -146_097)
    var (year, month, dayOfMonth) = day.civil
    for _ in 0..<(2 * 146_097) {
      day = day.next
      let civil = day.civil
      let isNextDay = civil == (year, month, dayOfMonth + 1)
      let isNextMonth = civil == (year, month + 1, 1) && dayOfMonth >= 28
      let isNextYear = civil == (year + 1, 1, 1) && month == 12 && dayOfMonth == 31
      guard isNextDay || isNextMonth || isNextYear,
        Day(year: civil.year, month: civil.month, day: civil.day) == day
      else {
        Issue.record("\(civil) follows \((year, month, dayOfMonth))")
        return
      }
      (year, month, dayOfMonth) = civil
    }
  }

  @Test("steps of days stop at the ends of what a day can count")
  func ends() {
    #expect(Day(daysSince1970: .max).next == Day(daysSince1970: .max))
    #expect(Day(daysSince1970: .min).advanced(by: -5) == Day(daysSince1970: .min))
    #expect(Day(daysSince1970: 3).advanced(by: .max) == Day(daysSince1970: .max))
    #expect(Day(daysSince1970: -3).advanced(by: .min) == Day(daysSince1970: .min))
    #expect(Day(daysSince1970: .min).distance(to: Day(daysSince1970: .max)) == 4_294_967_295)
  }

  @Test("a day's range is half open and holds its instants")
  func range() {
    let day = Day(daysSince1970: -1)
    #expect(day.range.lowerBound.microsecondsSince1970 == -86_400_000_000)
    #expect(day.range.upperBound.microsecondsSince1970 == 0)
    #expect(Timestamp(microsecondsSince1970: -1).day == day)
    #expect(Timestamp(microsecondsSince1970: 0).day == day.next)
    #expect(LocalTimestamp(microsecondsSince1970: -86_400_000_001).day == Day(daysSince1970: -2))
    #expect(Timestamp(microsecondsSince1970: .min).day.daysSince1970 == -106_751_992)
  }

  @Test(
    "an instant reads with its offset and prints in UTC with six digits",
    arguments: [
      ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"),
      ("2024-02-29T08:30:00.25+09:00", "2024-02-28T23:30:00.250000Z"),
      ("2024-02-29 08:30-0330", "2024-02-29T12:00:00.000000Z"),
      ("2024-02-29T08:30:15.123456+05", "2024-02-29T03:30:15.123456Z"),
      ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
      ("2024-02-29z", "2024-02-29T00:00:00.000000Z"),
    ])
  func instants(text: String, canonical: String) throws {
    let instant = try #require(Timestamp(text))
    #expect(instant.description == canonical)
    #expect(Timestamp(canonical) == instant)
  }

  @Test(
    "what is no instant is refused",
    arguments: [
      "", "2024-02-29T08:30:00", "2024-02-29", "2024-02-30T00:00:00Z", "2024-02-29T24:00:00Z",
      "2024-02-29T08:60:00Z", "2024-02-29T08:30:60Z", "2024-02-29T08:30:00.1234567Z", "2024-02-29T08:30:00.Z",
      "2024-02-29T08:30:00+19:00", "2024-02-29T08:30:00+09:60", "2024-02-29T08:30:00Z ", "infinity",
      "999999-01-01T00:00:00Z",
    ])
  func noInstant(text: String) { #expect(Timestamp(text) == nil) }

  @Test("a local time has no offset")
  func local() throws {
    #expect(LocalTimestamp("2024-02-29T08:30")?.description == "2024-02-29T08:30:00.000000")
    #expect(LocalTimestamp("2024-02-29")?.description == "2024-02-29T00:00:00.000000")
    #expect(LocalTimestamp("2024-02-29T08:30:00Z") == nil)
    #expect(LocalTimestamp("2024-02-29T08:30:00+00:00") == nil)
  }

  @Test("arithmetic on instants is held at the ends")
  func held() {
    #expect(Timestamp(microsecondsSince1970: .max).adding(microseconds: 1).microsecondsSince1970 == .max)
    #expect(Timestamp(microsecondsSince1970: .min).adding(microseconds: -1).microsecondsSince1970 == .min)
    let (first, last) = (Timestamp(microsecondsSince1970: .min), Timestamp(microsecondsSince1970: .max))
    #expect(first.microseconds(until: last) == .max)
    #expect(last.microseconds(until: first) == .min)
    #expect(
      Timestamp(microsecondsSince1970: 5).microseconds(until: Timestamp(microsecondsSince1970: 3)) == -2)
  }
}

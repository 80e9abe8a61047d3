/// An instant, counted in microseconds since 1970-01-01T00:00:00Z.
///
/// It is what PostgreSQL calls `timestamptz`. `description` always has six fraction digits and a `Z`.
public struct Timestamp: Hashable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var microsecondsSince1970: Int64

  /// Makes the instant that lies `microsecondsSince1970` microseconds after the epoch.
  public init(microsecondsSince1970: Int64) {
    self.microsecondsSince1970 = microsecondsSince1970
  }

  /// The UTC day in which the instant lies.
  public var day: Day {
    Day(daysSince1970: Int32(clamping: CivilCalendar.split(microsecondsSince1970).day))
  }

  /// The instant `microseconds` later, held at the ends of what a timestamp can count.
  public func adding(microseconds: Int64) -> Timestamp {
    let (sum, overflow) = microsecondsSince1970.addingReportingOverflow(microseconds)
    return Timestamp(microsecondsSince1970: overflow ? (microseconds < 0 ? .min : .max) : sum)
  }

  /// The microseconds from this instant to `other`, held at the ends of `Int64`.
  public func microseconds(until other: Timestamp) -> Int64 {
    let (difference, overflow) = other.microsecondsSince1970
      .subtractingReportingOverflow(microsecondsSince1970)
    return overflow ? (other < self ? .min : .max) : difference
  }
}

extension Timestamp: Comparable {
  /// The left one comes first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microsecondsSince1970 < right.microsecondsSince1970
  }
}

extension Timestamp: LosslessStringConvertible {
  /// Reads ISO 8601 with `Z` or an offset, such as `2026-01-31T08:30:00.25+09:00`.
  ///
  /// A text without offset is not an instant and gives nil.
  public init?(_ description: String) {
    var text = CalendarText(description)
    guard let local = text.dateTime(), let offset = text.offset(), text.isAtEnd else { return nil }
    let (value, overflow) = local.subtractingReportingOverflow(offset)
    guard !overflow else { return nil }
    self.init(microsecondsSince1970: value)
  }

  /// The value as text.
  public var description: String { CalendarText.dateTime(microsecondsSince1970) + "Z" }
}

extension Timestamp: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(Timestamp.self, expected: "an instant YYYY-MM-DDTHH:MM:SSZ")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}

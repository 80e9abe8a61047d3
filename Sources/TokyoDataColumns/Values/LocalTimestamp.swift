/// A date and time of day without a zone, counted in microseconds since 1970-01-01T00:00:00 on the same clock.
///
/// It is what PostgreSQL calls `timestamp`. Only a declared zone turns it into an instant.
public struct LocalTimestamp: Hashable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00 of the clock that wrote the value.
  public var microsecondsSince1970: Int64

  /// Makes the local time that lies `microsecondsSince1970` microseconds after the local epoch.
  public init(microsecondsSince1970: Int64) {
    self.microsecondsSince1970 = microsecondsSince1970
  }

  /// The literal date.
  public var day: Day {
    Day(daysSince1970: Int32(clamping: CivilCalendar.split(microsecondsSince1970).day))
  }
}

extension LocalTimestamp: Comparable {
  /// The left one comes first.
  public static func < (left: LocalTimestamp, right: LocalTimestamp) -> Bool {
    left.microsecondsSince1970 < right.microsecondsSince1970
  }
}

extension LocalTimestamp: LosslessStringConvertible {
  /// Reads ISO 8601 without zone, such as `2026-01-31T08:30:00.25`.
  public init?(_ description: String) {
    var text = CalendarText(description)
    guard let value = text.dateTime(), text.isAtEnd else { return nil }
    self.init(microsecondsSince1970: value)
  }

  /// The value as text.
  public var description: String { CalendarText.dateTime(microsecondsSince1970) }
}

extension LocalTimestamp: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(LocalTimestamp.self, expected: "a local time YYYY-MM-DDTHH:MM:SS")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}

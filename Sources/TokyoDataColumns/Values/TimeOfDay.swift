/// A time of day without date or zone, counted in microseconds since midnight.
///
/// It is what PostgreSQL calls `time`; 24:00:00, which PostgreSQL allows, is the last one.
public struct TimeOfDay: Hashable, Sendable {
  /// Microseconds since midnight.
  public var microsecondsSinceMidnight: Int64

  /// Makes the time that lies `microsecondsSinceMidnight` microseconds after midnight.
  public init(microsecondsSinceMidnight: Int64) {
    self.microsecondsSinceMidnight = microsecondsSinceMidnight
  }
}

extension TimeOfDay: Comparable {
  /// The left one comes first.
  public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
    left.microsecondsSinceMidnight < right.microsecondsSinceMidnight
  }
}

extension TimeOfDay: LosslessStringConvertible {
  /// Reads ISO 8601, such as `08:30` or `08:30:00.25`.
  public init?(_ description: String) {
    var text = CalendarText(description)
    guard let value = text.timeOfDay(), text.isAtEnd else { return nil }
    self.init(microsecondsSinceMidnight: value)
  }

  /// The value as text.
  public var description: String { CalendarText.timeOfDay(microsecondsSinceMidnight) }
}

extension TimeOfDay: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(TimeOfDay.self, expected: "a time of day HH:MM:SS")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}

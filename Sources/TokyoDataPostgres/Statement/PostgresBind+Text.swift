internal import TokyoDataCore

extension PostgresBind {
  /// The value as PostgreSQL reads it within arrays and composites, nil for NULL.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` where PostgreSQL has no such value.
  func text() throws(PostgresError) -> String? {
    switch self {
    case .null: return nil
    case .bool(let value): return value ? "t" : "f"
    case .int2(let value): return String(value)
    case .int4(let value): return String(value)
    case .int8(let value): return String(value)
    case .float4(let value): return Self.floating(value)
    case .float8(let value): return Self.floating(value)
    case .numeric(let value): return value.description
    case .text(let value), .typedText(let value, _):
      try Self.refuseNUL(value)
      return value
    case .bytes(let value): return "\\x\(HexadecimalText.text(value))"
    case .date(let day): return try CalendarWireText.date(day)
    case .time(let time):
      _ = try CalendarWire.microsecondsSinceMidnight(time.microsecondsSinceMidnight)
      return time.description
    case .timestamp(let time):
      return try CalendarWireText.timestamp(time.microsecondsSince1970, offset: "+00")
    case .localTimestamp(let time):
      return try CalendarWireText.timestamp(time.microsecondsSince1970, offset: "")
    case .int8Array(let values): return CompositeText.array(of: values.map(String.init))
    case .textArray(let values):
      for value in values { try Self.refuseNUL(value) }
      return CompositeText.array(of: values)
    case .array(_, let values): return CompositeText.array(of: try Self.texts(values))
    case .composite(let values): return CompositeText.record(of: try Self.texts(values))
    }
  }

  private static func texts(_ values: [PostgresBind]) throws(PostgresError) -> [String?] {
    var texts: [String?] = []
    texts.reserveCapacity(values.count)
    for value in values { texts.append(try value.text()) }
    return texts
  }

  static func floating(_ value: some BinaryFloatingPoint & LosslessStringConvertible) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return String(value)
  }

  static func refuseNUL(_ text: String) throws(PostgresError) {
    guard !text.utf8.contains(0) else {
      throw PostgresError(.valueNotRepresentable, "PostgreSQL texts hold no NUL character")
    }
  }
}

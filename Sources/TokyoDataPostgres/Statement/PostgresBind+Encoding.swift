internal import TokyoDataCore

extension PostgresBind {
  /// The bytes that are sent.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` where PostgreSQL has no such value.
  func encoded() throws(PostgresError) -> EncodedParameter {
    var bytes: [UInt8] = []
    switch self {
    case .null(let type): return EncodedParameter(type: type, bytes: nil, isBinary: true)
    case .text, .typedText, .composite, .array(of: .inferred, _):
      return EncodedParameter(type: type, bytes: try text().map { Array($0.utf8) }, isBinary: false)
    case .bytes(let value): bytes = value
    default: try appendBinary(to: &bytes)
    }
    guard bytes.count <= Int(Int32.max) / 2 else {
      throw PostgresError(.valueNotRepresentable, "PostgreSQL takes at most 1 GiB as one value")
    }
    return EncodedParameter(type: type, bytes: bytes, isBinary: true)
  }

  /// Adds the bytes of the value's type; those of a text as `text` has them.
  private func appendBinary(to bytes: inout [UInt8]) throws(PostgresError) {
    switch self {
    case .null, .typedText, .composite: throw Self.mixedElements
    case .bool(let value): bytes.append(value ? 1 : 0)
    case .int2(let value): bytes.append(bigEndian: value)
    case .int4(let value): bytes.append(bigEndian: value)
    case .int8(let value): bytes.append(bigEndian: value)
    case .float4(let value): bytes.append(bigEndian: value.bitPattern)
    case .float8(let value): bytes.append(bigEndian: value.bitPattern)
    case .numeric(let value): NumericWire.encode(value, into: &bytes)
    case .text(let value):
      try Self.refuseNUL(value)
      bytes += value.utf8
    case .bytes(let value): bytes += value
    case .date(let day): bytes.append(bigEndian: try CalendarWire.date(day.daysSince1970))
    case .time(let time):
      bytes.append(bigEndian: try CalendarWire.microsecondsSinceMidnight(time.microsecondsSinceMidnight))
    case .timestamp(let time):
      bytes.append(bigEndian: try CalendarWire.timestamp(time.microsecondsSince1970))
    case .localTimestamp(let time):
      bytes.append(bigEndian: try CalendarWire.timestamp(time.microsecondsSince1970))
    case .int8Array(let values):
      Self.arrayHeader(of: .int8, count: values.count, into: &bytes)
      for value in values {
        bytes.append(bigEndian: Int32(8))
        bytes.append(bigEndian: value)
      }
    case .textArray(let values):
      Self.arrayHeader(of: .text, count: values.count, into: &bytes)
      for value in values {
        try Self.refuseNUL(value)
        bytes.append(bigEndian: Int32(clamping: value.utf8.count))
        bytes += value.utf8
      }
    case .array(let element, let values):
      guard element.array != nil else {
        throw PostgresError(.valueNotRepresentable, "there are no arrays of a type that is not built in")
      }
      Self.arrayHeader(of: element, count: values.count, into: &bytes)
      for value in values { try Self.append(value, of: element, to: &bytes) }
    }
  }

  /// The value as SQL that has the bind's type.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` where PostgreSQL has no such value.
  func literal() throws(PostgresError) -> String {
    switch self {
    case .null: return "NULL"
    case .bool(let value): return value ? "TRUE" : "FALSE"
    case .int2(let value): return "'\(value)'::int2"
    case .int4(let value): return "'\(value)'::int4"
    case .int8(let value): return "'\(value)'::int8"
    case .float4(let value): return "'\(Self.floating(value))'::float4"
    case .float8(let value): return "'\(Self.floating(value))'::float8"
    case .numeric(let value): return "'\(value)'::numeric"
    case .text(let value):
      try Self.refuseNUL(value)
      return PostgresStatement.quoted(literal: value)
    case .bytes(let value): return "'\\x\(HexadecimalText.text(value))'::bytea"
    // The calendar's own texts stop at year 1; offsets from the epoch know no such edge.
    case .date(let day):
      _ = try CalendarWire.date(day.daysSince1970)
      return "('1970-01-01'::date + '\(day.daysSince1970)'::int4)"
    case .timestamp(let time):
      return "\(try Self.pointInTime(time.microsecondsSince1970, type: "timestamptz"))"
    case .localTimestamp(let time):
      return "\(try Self.pointInTime(time.microsecondsSince1970, type: "timestamp"))"
    case .int8Array(let values):
      return "'{\(values.map(String.init).joined(separator: ","))}'::int8[]"
    case .typedText(let value, let type):
      try Self.refuseNUL(value)
      return PostgresStatement.quoted(literal: value) + (type.sqlName.map { "::\($0)" } ?? "")
    case .time(let time):
      _ = try CalendarWire.microsecondsSinceMidnight(time.microsecondsSinceMidnight)
      return "'\(time)'::time"
    case .array(let element, _):
      let text = PostgresStatement.quoted(literal: try text() ?? "")
      if element == .inferred { return text }
      guard let name = element.array?.sqlName else { throw Self.mixedElements }
      return "\(text)::\(name)"
    case .composite: return PostgresStatement.quoted(literal: try text() ?? "")
    case .textArray(let values):
      for value in values { try Self.refuseNUL(value) }
      return "ARRAY[\(values.map(PostgresStatement.quoted(literal:)).joined(separator: ","))]::text[]"
    }
  }

  /// Adds an element of an array: its length, -1 for NULL, then its bytes.
  private static func append(
    _ value: PostgresBind, of element: PostgresType, to bytes: inout [UInt8]
  ) throws(PostgresError) {
    if case .null = value { return bytes.append(bigEndian: Int32(-1)) }
    let type = value.type == .inferred ? PostgresType.text : value.type
    guard type == element else { throw mixedElements }
    let start = bytes.count
    bytes.append(bigEndian: Int32(0))
    try value.appendBinary(to: &bytes)
    let length = Int32(clamping: bytes.count - start - 4)
    withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
  }

  private static var mixedElements: PostgresError {
    PostgresError(.valueNotRepresentable, "an array's element is of another type than the array")
  }

  private static func pointInTime(_ microseconds: Int64, type: String) throws(PostgresError) -> String {
    _ = try CalendarWire.timestamp(microseconds)
    let (day, rest) = CivilCalendar.split(microseconds)
    let epoch = type == "timestamptz" ? "1970-01-01 00:00:00+00" : "1970-01-01 00:00:00"
    return "('\(epoch)'::\(type) + '\(day * 24) hours'::interval + '\(rest) microseconds'::interval)"
  }

  /// Dimensions, flags, element type, and the one dimension's length and lower bound.
  private static func arrayHeader(of element: PostgresType, count: Int, into bytes: inout [UInt8]) {
    bytes.append(bigEndian: Int32(count == 0 ? 0 : 1))
    bytes.append(bigEndian: Int32(0))
    bytes.append(bigEndian: element.oid)
    guard count > 0 else { return }
    bytes.append(bigEndian: Int32(clamping: count))
    bytes.append(bigEndian: Int32(1))
  }
}

extension [UInt8] {
  /// Adds an integer, most significant byte first.
  mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}

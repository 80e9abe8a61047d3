internal import TokyoDataCore

/// How one column's fields go from the server's binary form into a column builder.
enum FieldDecoder: Hashable, Sendable {
  case bool
  case int16
  case int16AsInt32
  case int16AsInt64
  case int32
  case int32AsInt64
  /// `oid` and `xid`.
  case uint32AsInt64
  case int64
  /// `xid8`.
  case uint64AsInt64
  case float
  case floatAsDouble
  case double
  case decimal(precision: Int, scale: Int, InfinityPolicy)
  case text
  /// A version byte, then the text.
  case jsonb
  case uuid
  case bytes
  case date(InfinityPolicy)
  /// Both kinds of timestamp.
  case timestamp(InfinityPolicy)
  case time

  /// The way from a type to a column's, or nil where there is none in binary from one value to one value.
  init?(from type: PostgresType, to column: ColumnType, infinities: InfinityPolicy = .refuse) {
    switch (type, column) {
    case (.bool, .bool): self = .bool
    case (.int2, .int16): self = .int16
    case (.int2, .int32): self = .int16AsInt32
    case (.int2, .int64): self = .int16AsInt64
    case (.int4, .int32): self = .int32
    case (.int4, .int64): self = .int32AsInt64
    case (.oid, .int64), (.xid, .int64): self = .uint32AsInt64
    case (.int8, .int64): self = .int64
    case (.xid8, .int64): self = .uint64AsInt64
    case (.float4, .float): self = .float
    case (.float4, .double): self = .floatAsDouble
    case (.float8, .double): self = .double
    case (.numeric, .decimal(let precision, let scale)):
      self = .decimal(precision: precision, scale: scale, infinities)
    case (.text, .string), (.varchar, .string), (.bpchar, .string), (.name, .string), (.json, .string),
      (.char, .string):
      self = .text
    case (.jsonb, .string): self = .jsonb
    case (.uuid, .string): self = .uuid
    case (.bytea, .bytes): self = .bytes
    case (.date, .date): self = .date(infinities)
    case (.timestamptz, .timestamp), (.timestamp, .localTimestamp): self = .timestamp(infinities)
    case (.time, .time): self = .time
    default: return nil
    }
  }

  /// Decodes a field that is not NULL into the column.
  ///
  /// - Throws: `PostgresError` without column: `.protocolViolation` for bytes that are no such value,
  ///   `.valueNotRepresentable` for values that the column cannot hold.
  @inline(__always)
  func decode(_ bytes: UnsafeRawBufferPointer, into column: inout ColumnBuilder) throws(PostgresError) {
    switch self {
    case .bool:
      let byte: UInt8 = try whole(bytes)
      column.append(bool: byte != 0)
    case .int16: column.append(int16: try whole(bytes))
    case .int16AsInt32:
      let value: Int16 = try whole(bytes)
      column.append(int32: Int32(value))
    case .int16AsInt64:
      let value: Int16 = try whole(bytes)
      column.append(int64: Int64(value))
    case .int32: column.append(int32: try whole(bytes))
    case .int32AsInt64:
      let value: Int32 = try whole(bytes)
      column.append(int64: Int64(value))
    case .uint32AsInt64:
      let value: UInt32 = try whole(bytes)
      column.append(int64: Int64(value))
    case .int64: column.append(int64: try whole(bytes))
    case .uint64AsInt64:
      let value: UInt64 = try whole(bytes)
      guard let value = Int64(exactly: value) else {
        throw PostgresError(.valueNotRepresentable, "a number beyond the 64-bit signed integers")
      }
      column.append(int64: value)
    case .float: column.append(float: Float(bitPattern: try whole(bytes)))
    case .floatAsDouble: column.append(double: Double(Float(bitPattern: try whole(bytes))))
    case .double: column.append(double: Double(bitPattern: try whole(bytes)))
    case .decimal(let precision, let scale, let infinities):
      if infinities == .null, !NumericWire.isFinite(bytes) { return column.appendNull() }
      column.append(unscaled: try NumericWire.decode(bytes, precision: precision, scale: scale))
    case .text: try Self.append(text: bytes, to: &column)
    case .jsonb:
      guard bytes.first == 1 else { throw malformed }
      try Self.append(text: UnsafeRawBufferPointer(rebasing: bytes[1...]), to: &column)
    case .uuid:
      guard bytes.count == 16 else { throw malformed }
      try Self.append(uuid: bytes, to: &column)
    case .bytes: try Self.append(bytes, to: &column)
    case .date(let infinities):
      let wire: Int32 = try whole(bytes)
      if infinities == .null, !CalendarWire.isFinite(wire) { return column.appendNull() }
      column.append(int32: try CalendarWire.daysSince1970(wire))
    case .timestamp(let infinities):
      let wire: Int64 = try whole(bytes)
      if infinities == .null, !CalendarWire.isFinite(wire) { return column.appendNull() }
      column.append(int64: try CalendarWire.microsecondsSince1970(wire))
    case .time: column.append(int64: try CalendarWire.microsecondsSinceMidnight(whole(bytes)))
    }
  }

  @inline(__always)
  private func whole<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer
  ) throws(PostgresError) -> Integer {
    guard let value = WireBytes.whole(bytes, Integer.self) else { throw malformed }
    return value
  }

  private var malformed: PostgresError {
    PostgresError(.protocolViolation, "a field's bytes are not those of its type")
  }

  /// Adds UTF-8, checked: a database in SQL_ASCII sends whatever was stored.
  static func append(text: UnsafeRawBufferPointer, to column: inout ColumnBuilder) throws(PostgresError) {
    guard isUTF8(text) else {
      throw PostgresError(.valueNotRepresentable, "a text is not valid UTF-8")
    }
    try append(text, to: &column)
  }

  private static func append(
    _ bytes: UnsafeRawBufferPointer, to column: inout ColumnBuilder
  ) throws(PostgresError) {
    do throws(ColumnError) { try column.append(bytes: bytes) } catch {
      throw PostgresError(.valueNotRepresentable, error.message, cause: error)
    }
  }

  private static func append(
    uuid bytes: UnsafeRawBufferPointer, to column: inout ColumnBuilder
  ) throws(PostgresError) {
    let digits: StaticString = "0123456789abcdef"
    try withUnsafeTemporaryAllocation(byteCount: 36, alignment: 1) { text throws(PostgresError) in
      var position = 0
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 {
          text[position] = UInt8(ascii: "-")
          position += 1
        }
        text[position] = digits.utf8Start[Int(bytes[index] >> 4)]
        text[position + 1] = digits.utf8Start[Int(bytes[index] & 15)]
        position += 2
      }
      try append(UnsafeRawBufferPointer(text), to: &column)
    }
  }

  private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index + 8 <= bytes.count {
      if bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { break }
      index += 8
    }
    while index < bytes.count, bytes[index] < 0x80 { index += 1 }
    guard index < bytes.count else { return true }
    return String(validating: bytes[index...], as: UTF8.self) != nil
  }
}

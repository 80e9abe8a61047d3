internal import TokyoDataCore

/// How a column's values go into a table's column in a binary COPY.
struct FieldEncoder: Sendable {
  var name: String
  var type: PostgresType
  var column: ColumnType

  /// The way from a column to a type.
  ///
  /// - Throws: `PostgresError.unsupportedType` naming the column.
  init(_ field: ColumnField, to type: PostgresType) throws(PostgresError) {
    name = field.name
    self.type = type
    column = field.type
    guard Self.isPossible(field.type, to: type) else {
      throw PostgresError(
        .unsupportedType, "a \(field.type) column does not go into the type with oid \(type.oid)",
        column: field.name)
    }
  }

  private static func isPossible(_ column: ColumnType, to type: PostgresType) -> Bool {
    switch (column, type) {
    case (.bool, .bool), (.float, .float4), (.float, .float8), (.double, .float8), (.bytes, .bytea),
      (.date, .date), (.timestamp, .timestamptz), (.localTimestamp, .timestamp), (.decimal, .numeric):
      true
    case (.int16, .int2), (.int16, .int4), (.int16, .int8), (.int32, .int2), (.int32, .int4), (.int32, .int8),
      (.int64, .int2), (.int64, .int4), (.int64, .int8), (.int64, .oid):
      true
    case (.string, .text), (.string, .varchar), (.string, .bpchar), (.string, .name), (.string, .json),
      (.string, .jsonb), (.string, .uuid):
      true
    default: false
    }
  }

  /// Adds a value as a field: its length, then its bytes.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` naming the column.
  func append(_ value: ColumnValue, to bytes: inout [UInt8]) throws(PostgresError) {
    if value.isNull { return bytes.append(bigEndian: Int32(-1)) }
    let start = bytes.count
    bytes.append(bigEndian: Int32(0))
    do throws(PostgresError) { try appendBytes(of: value, to: &bytes) } catch {
      throw error.inColumn(name)
    }
    guard let length = Int32(exactly: bytes.count - start - 4) else { throw impossible.inColumn(name) }
    withUnsafeBytes(of: length.bigEndian) { length in
      for offset in 0..<4 { bytes[start + offset] = length[offset] }
    }
  }

  private func appendBytes(of value: ColumnValue, to bytes: inout [UInt8]) throws(PostgresError) {
    switch (type, value) {
    case (.int2, .int(let value)): bytes.append(bigEndian: try narrowed(value, to: Int16.self))
    case (.int4, .int(let value)): bytes.append(bigEndian: try narrowed(value, to: Int32.self))
    case (.oid, .int(let value)): bytes.append(bigEndian: try narrowed(value, to: UInt32.self))
    case (.float8, .float(let value)): bytes.append(bigEndian: Double(value).bitPattern)
    case (.jsonb, .string(let value)): bytes += [1] + value.utf8
    case (.uuid, .string(let value)):
      guard let uuid = Self.uuid(value) else { throw impossible }
      bytes += uuid
    default:
      guard let encoded = try value.postgresBind.encoded().bytes else { throw impossible }
      bytes += encoded
    }
  }

  private func narrowed<Integer: FixedWidthInteger>(
    _ value: Int64, to _: Integer.Type
  ) throws(PostgresError) -> Integer {
    guard let narrow = Integer(exactly: value) else { throw impossible }
    return narrow
  }

  private static func uuid(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8.filter { $0 != UInt8(ascii: "-") })
    guard digits.count == 32 else { return nil }
    return HexadecimalText.bytes(digits)
  }

  private var impossible: PostgresError {
    PostgresError(.valueNotRepresentable, "a value does not fit the table's column")
  }
}

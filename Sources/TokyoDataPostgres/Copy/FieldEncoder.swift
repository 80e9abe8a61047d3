internal import TokyoDataCore

/// How a column's values go into a table's column in a binary COPY.
struct FieldEncoder: Sendable {
  let name: String
  let column: ColumnType
  let target: WireType

  /// The way from a column to a type.
  ///
  /// - Throws: `PostgresError.unsupportedType` naming the column.
  init(_ field: ColumnField, to target: WireType) throws(PostgresError) {
    name = field.name
    column = field.type
    self.target = target
    guard Self.isPossible(field.type, to: target.form) else {
      throw PostgresError(
        .unsupportedType, "a \(field.type) column does not go into the type with oid \(target.type.oid)",
        column: field.name)
    }
  }

  /// The bytes of every value that is not null, where the type's all have as many.
  var fixedWidth: Int? {
    guard case .builtIn(let type) = target.form else { return nil }
    return switch type {
    case .bool: 1
    case .int2: 2
    case .int4, .oid, .float4, .date: 4
    case .int8, .float8, .timestamp, .timestamptz, .time: 8
    case .uuid: 16
    default: nil
    }
  }

  private static func isPossible(_ column: ColumnType, to form: WireType.Form) -> Bool {
    switch (column, form) {
    case (_, .builtIn(let type)): isPossible(column, to: type)
    case (.string, .text): true
    case (.map(.string, let value), .hstore): value.type == .string
    case (.list(let element), .array(let target)): isPossible(element.type, to: target.form)
    case (.structure(let fields), .record(let targets)):
      fields.count == targets.count && zip(fields, targets).allSatisfy { isPossible($0.type, to: $1.form) }
    default: false
    }
  }

  private static func isPossible(_ column: ColumnType, to type: PostgresType) -> Bool {
    switch (column, type) {
    case (.bool, .bool), (.float, .float4), (.float, .float8), (.double, .float8), (.bytes, .bytea),
      (.date, .date), (.time, .time), (.timestamp, .timestamptz), (.localTimestamp, .timestamp),
      (.decimal, .numeric):
      true
    case (_, .int2) where column.isInteger, (_, .int4) where column.isInteger,
      (_, .int8) where column.isInteger, (.int64, .oid):
      true
    case (.string, .text), (.string, .varchar), (.string, .bpchar), (.string, .name), (.string, .json),
      (.string, .jsonb), (.string, .uuid):
      true
    default: false
    }
  }

  /// The digits of a uuid, with or without hyphens.
  static func uuid(_ text: some Collection<UInt8>) throws(PostgresError) -> [UInt8] {
    let digits = Array(text.filter { $0 != UInt8(ascii: "-") })
    guard digits.count == 32, let bytes = HexadecimalText.bytes(digits) else { throw impossible }
    return bytes
  }

  /// The integer in fewer bits.
  @inline(__always)
  static func narrowed<Integer: FixedWidthInteger>(
    _ value: some FixedWidthInteger, to _: Integer.Type = Integer.self
  ) throws(PostgresError) -> Integer {
    guard let narrow = Integer(exactly: value) else { throw impossible }
    return narrow
  }

  static var impossible: PostgresError {
    PostgresError(.valueNotRepresentable, "a value does not fit the table's column")
  }
}

/// One value of any column type, for the edges: literals, group keys, printed results.
@nonexhaustive
public enum ColumnValue: Hashable, Sendable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// An integer of any width.
  case int(Int64)
  /// An IEEE 754 binary32 number.
  case float(Float)
  /// An IEEE 754 binary64 number.
  case double(Double)
  /// An exact decimal number.
  case decimal(Decimal128)
  /// Text.
  case string(String)
  /// Bytes.
  case bytes([UInt8])
  /// A calendar date.
  case date(Day)
  /// A time of day.
  case time(TimeOfDay)
  /// An instant.
  case timestamp(Timestamp)
  /// A date and time without zone.
  case localTimestamp(LocalTimestamp)
  /// The elements of a list.
  case list([ColumnValue])
  /// The values of a structure's fields, in the order of its type.
  case structure([ColumnValue])
  /// The entries of a map, in order.
  case map([ColumnMapEntry])

  /// The value is null.
  public var isNull: Bool { self == .null }
}

/// A key of a map and its value.
public struct ColumnMapEntry: Hashable, Sendable {
  /// The key, never null.
  public var key: ColumnValue
  /// The value.
  public var value: ColumnValue

  /// Makes an entry.
  public init(_ key: ColumnValue, _ value: ColumnValue) {
    self.key = key
    self.value = value
  }
}

extension ColumnValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
  /// An integer.
  public init(integerLiteral value: Int64) { self = .int(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A binary64 number; exact decimals are written `.decimal`.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// Null.
  public init(nilLiteral: ()) { self = .null }
}

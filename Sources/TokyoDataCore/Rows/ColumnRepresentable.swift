/// A Swift type whose values columns hold: what typed rows, filters and decoded tuples are made of.
///
/// `Bool`, the signed integers, `Float`, `Double`, `String`, `[UInt8]`, `Decimal128`, `Day`, `Timestamp`,
/// `LocalTimestamp`, `TimeOfDay`, optionals of them and arrays of those conform. An enum with such raw values
/// conforms by saying so.
public protocol ColumnRepresentable: Sendable {
  /// The type of a column of such values; nil for decimals, whose digits only the column can tell.
  static var columnType: ColumnType? { get }
  /// A value may be null.
  static var isNullable: Bool { get }

  /// Columns of this type may hold such values; those that do not fit are errors when they come.
  static func fits(_ type: ColumnType) -> Bool

  /// The value that a column holds, or nil where it is not exactly one of this type.
  init?(columnValue: ColumnValue)

  /// The value as a column holds it.
  var columnValue: ColumnValue { get }
}

extension ColumnRepresentable {
  /// False: only optionals may be null.
  public static var isNullable: Bool { false }

  /// Only columns of its own type.
  public static func fits(_ type: ColumnType) -> Bool { type == columnType }
}

extension ColumnRepresentable where Self: RawRepresentable, RawValue: ColumnRepresentable {
  /// The raw value's.
  public static var columnType: ColumnType? { RawValue.columnType }

  /// As the raw value.
  public static func fits(_ type: ColumnType) -> Bool { RawValue.fits(type) }

  /// The case with the raw value that the column holds.
  public init?(columnValue: ColumnValue) {
    guard let raw = RawValue(columnValue: columnValue), let value = Self(rawValue: raw) else { return nil }
    self = value
  }

  /// The raw value.
  public var columnValue: ColumnValue { rawValue.columnValue }
}

extension Optional: ColumnRepresentable where Wrapped: ColumnRepresentable {
  /// The wrapped type's.
  public static var columnType: ColumnType? { Wrapped.columnType }

  /// True.
  public static var isNullable: Bool { true }

  /// As the wrapped type.
  public static func fits(_ type: ColumnType) -> Bool { Wrapped.fits(type) }

  /// None for null.
  public init?(columnValue: ColumnValue) {
    if columnValue.isNull {
      self = .none
    } else if let value = Wrapped(columnValue: columnValue) {
      self = .some(value)
    } else {
      return nil
    }
  }

  /// Null for none.
  public var columnValue: ColumnValue { self?.columnValue ?? .null }
}

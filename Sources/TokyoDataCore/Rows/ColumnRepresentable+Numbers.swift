/// Integers of any width, which columns of integers and whole decimals hold.
public protocol ColumnInteger: ColumnRepresentable, FixedWidthInteger {}

extension ColumnInteger {
  /// Any column of integers.
  public static func fits(_ type: ColumnType) -> Bool { type.isInteger }

  /// An integer, or a decimal that is one, within range.
  public init?(columnValue: ColumnValue) {
    switch columnValue {
    case .int(let value): self.init(exactly: value)
    case .decimal(let value):
      guard let whole = try? value.rescaled(to: 0) else { return nil }
      self.init(exactly: whole.unscaled)
    default: return nil
    }
  }

  /// An integer.
  public var columnValue: ColumnValue { .int(Int64(self)) }
}

extension Int: ColumnInteger {
  /// A 64-bit integer.
  public static var columnType: ColumnType? { .int64 }
}

extension Int64: ColumnInteger {
  /// A 64-bit integer.
  public static var columnType: ColumnType? { .int64 }
}

extension Int32: ColumnInteger {
  /// A 32-bit integer.
  public static var columnType: ColumnType? { .int32 }
}

extension Int16: ColumnInteger {
  /// A 16-bit integer.
  public static var columnType: ColumnType? { .int16 }
}

extension Float: ColumnRepresentable {
  /// A binary32 number.
  public static var columnType: ColumnType? { .float }

  /// A binary32 number.
  public init?(columnValue: ColumnValue) {
    guard case .float(let value) = columnValue else { return nil }
    self = value
  }

  /// A binary32 number.
  public var columnValue: ColumnValue { .float(self) }
}

extension Double: ColumnRepresentable {
  /// A binary64 number.
  public static var columnType: ColumnType? { .double }

  /// A floating-point number of either width.
  public init?(columnValue: ColumnValue) {
    switch columnValue {
    case .double(let value): self = value
    case .float(let value): self = Double(value)
    default: return nil
    }
  }

  /// A binary64 number.
  public var columnValue: ColumnValue { .double(self) }
}

extension Decimal128: ColumnRepresentable {
  /// Nil: only the column knows how many digits it holds.
  public static var columnType: ColumnType? { nil }

  /// Any column of decimals.
  public static func fits(_ type: ColumnType) -> Bool {
    if case .decimal = type { true } else { false }
  }

  /// A decimal or an integer.
  public init?(columnValue: ColumnValue) {
    switch columnValue {
    case .decimal(let value): self = value
    case .int(let value): self.init(value)
    default: return nil
    }
  }

  /// A decimal.
  public var columnValue: ColumnValue { .decimal(self) }
}

/// A Swift type in which the values of a fixed-width column lie in memory.
///
/// `Bool`, `Int8`, `Int16`, `Int32` (also `date`, in days), `Int64` (also times and timestamps, in
/// microseconds), `Float`, `Double` and `Int128` (decimals, unscaled) conform; other conformances have no effect.
public protocol FixedWidthValue: BitwiseCopyable, Hashable, Sendable {
  /// The values of a column that lies in memory as this type, else nil.
  static func values(of column: ColumnVector) -> [Self]?
}

extension Bool: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Bool]? {
    if case .bool(let values) = column.storage { values } else { nil }
  }
}

extension Int8: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Int8]? {
    if case .int8(let values) = column.storage { values } else { nil }
  }
}

extension Int16: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Int16]? {
    if case .int16(let values) = column.storage { values } else { nil }
  }
}

extension Int32: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Int32]? {
    if case .int32(let values) = column.storage { values } else { nil }
  }
}

extension Int64: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Int64]? {
    if case .int64(let values) = column.storage { values } else { nil }
  }
}

extension Float: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Float]? {
    if case .float(let values) = column.storage { values } else { nil }
  }
}

extension Double: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Double]? {
    if case .double(let values) = column.storage { values } else { nil }
  }
}

extension Int128: FixedWidthValue {
  /// The column's values, or nil for a column of another kind.
  public static func values(of column: ColumnVector) -> [Int128]? {
    if case .decimal(let values) = column.storage { values } else { nil }
  }
}

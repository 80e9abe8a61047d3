internal import TokyoDataColumns

/// The least and the greatest of some values, in the order that statistics use.
struct ValueBounds: Sendable, Hashable {
  /// A bound, by the order of its kind.
  enum Bound: Sendable, Hashable {
    /// Booleans, integers, dates and timestamps.
    case integer(Int64)
    /// Both floating-point types; a `float` is exact in a `double`.
    case double(Double)
    /// Unscaled decimals.
    case decimal(Int128)
    /// Byte strings in the order of unsigned bytes.
    case bytes([UInt8])
  }

  var minimum: Bound
  var maximum: Bound
  var isMinimumExact = true
  var isMaximumExact = true

  /// Takes in the bounds of other values of the same column.
  mutating func merge(_ other: ValueBounds) {
    if other.minimum < minimum { (minimum, isMinimumExact) = (other.minimum, other.isMinimumExact) }
    if maximum < other.maximum { (maximum, isMaximumExact) = (other.maximum, other.isMaximumExact) }
  }
}

extension ValueBounds.Bound: Comparable {
  static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.integer(let a), .integer(let b)): a < b
    case (.double(let a), .double(let b)): a < b
    case (.decimal(let a), .decimal(let b)): a < b
    case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b)
    default: false
    }
  }
}

extension ValueBounds.Bound {
  /// The bound as a value of a column, or nil where it is none, as text that is not UTF-8.
  func value(of type: ColumnType) -> ColumnValue? {
    switch (self, type) {
    case (.integer(let value), .bool): return .bool(value != 0)
    case (.integer(let value), .int8), (.integer(let value), .int16), (.integer(let value), .int32),
      (.integer(let value), .int64):
      return .int(value)
    case (.integer(let value), .date):
      return Int32(exactly: value).map { .date(Day(daysSince1970: $0)) }
    case (.integer(let value), .time): return .time(TimeOfDay(microsecondsSinceMidnight: value))
    case (.integer(let value), .timestamp): return .timestamp(Timestamp(microsecondsSince1970: value))
    case (.integer(let value), .localTimestamp):
      return .localTimestamp(LocalTimestamp(microsecondsSince1970: value))
    case (.double(let value), .float): return .float(Float(value))
    case (.double(let value), .double): return .double(value)
    case (.decimal(let value), .decimal(let precision, let scale)):
      guard Decimal128.fits(value, precision: precision) else { return nil }
      return .decimal(Decimal128(unchecked: value, scale: scale))
    case (.bytes(let value), .bytes): return .bytes(value)
    case (.bytes(let value), .string): return String(validating: value, as: UTF8.self).map { .string($0) }
    default: return nil
    }
  }
}

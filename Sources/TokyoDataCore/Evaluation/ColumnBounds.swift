/// What is known of a column's values in some set of rows: enough to tell that a filter lets none through.
public struct ColumnBounds: Hashable, Sendable {
  /// How many rows there are.
  public var rowCount: Int
  /// How many of them hold null; nil where unknown.
  public var nullCount: Int?
  /// No value is below this one; nil where unknown.
  public var minimum: ColumnValue?
  /// No value is above this one; nil where unknown.
  public var maximum: ColumnValue?

  /// Makes bounds of what is known.
  public init(
    rowCount: Int, nullCount: Int? = nil, minimum: ColumnValue? = nil, maximum: ColumnValue? = nil
  ) {
    self.rowCount = rowCount
    self.nullCount = nullCount
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Makes the bounds of a version's column.
  public init(_ summary: ColumnSummary, rowCount: Int) {
    self.init(
      rowCount: rowCount, nullCount: summary.nullCount, minimum: summary.minimum, maximum: summary.maximum)
  }

  /// Makes the bounds of a column that the rows do not have.
  public init(absentIn rowCount: Int) {
    self.init(rowCount: rowCount, nullCount: rowCount)
  }

  var isAllNull: Bool { nullCount == rowCount }
}

extension ColumnValue {
  /// Whether this value is below, equal to or above another one in the order of filters; nil where the two
  /// have none, as with null, or none that bounds can rely on, as with NaN.
  package func order(to other: ColumnValue) -> Int? {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): Self.order(a ? 1 : 0, b ? 1 : 0)
    case (.int(let a), .int(let b)): Self.order(a, b)
    case (.decimal(let a), .decimal(let b)): Self.order(a, b)
    case (.int(let a), .decimal(let b)): Self.order(Decimal128(a), b)
    case (.decimal(let a), .int(let b)): Self.order(a, Decimal128(b))
    case (.float(let a), .float(let b)): Self.order(Double(a), Double(b))
    case (.float(let a), .double(let b)): Self.order(Double(a), b)
    case (.double(let a), .float(let b)): Self.order(a, Double(b))
    case (.double(let a), .double(let b)): Self.order(a, b)
    case (.string(let a), .string(let b)): Self.order(a.utf8, b.utf8)
    case (.bytes(let a), .bytes(let b)): Self.order(a, b)
    case (.date(let a), .date(let b)): Self.order(a, b)
    case (.timestamp(let a), .timestamp(let b)): Self.order(a, b)
    case (.localTimestamp(let a), .localTimestamp(let b)): Self.order(a, b)
    default: nil
    }
  }

  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int? {
    if left < right { return -1 }
    if left > right { return 1 }
    return left == right ? 0 : nil
  }

  private static func order(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int? {
    if left.lexicographicallyPrecedes(right) { return -1 }
    return right.lexicographicallyPrecedes(left) ? 1 : 0
  }
}

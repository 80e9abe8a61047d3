extension Filter {
  /// Whether the filter may be true for one of the rows that the bounds describe.
  ///
  /// False is a proof; true is not. The filter is a resolved one, whose literals have their columns' types.
  ///
  /// - Parameter bounds: What is known of a column; nil where nothing is.
  public func mayBeTrue(_ bounds: (String) -> ColumnBounds?) -> Bool {
    switch self {
    case .compare(.column(let name), let comparison, .literal(let value)):
      Self.mayCompare(bounds(name), comparison, value)
    case .compare(.literal(let value), let comparison, .column(let name)):
      Self.mayCompare(bounds(name), comparison.mirrored, value)
    case .isIn(.column(let name), let values):
      values.contains { Self.mayCompare(bounds(name), .equal, $0) }
    case .between(.column(let name), let low, let high):
      Self.mayCompare(bounds(name), .greaterOrEqual, low) && Self.mayCompare(bounds(name), .lessOrEqual, high)
    case .isNull(.column(let name)):
      bounds(name)?.nullCount != 0
    case .hasPrefix(.column(let name), let prefix):
      Self.mayBegin(bounds(name), with: prefix)
    case .and(let filters): filters.allSatisfy { $0.mayBeTrue(bounds) }
    case .or(let filters): filters.contains { $0.mayBeTrue(bounds) }
    case .not(let filter): filter.mayBeFalse(bounds)
    case .compare, .isIn, .between, .isNull, .hasPrefix: true
    }
  }

  /// Whether the filter may be false, which is not the same as not being true: null is neither.
  private func mayBeFalse(_ bounds: (String) -> ColumnBounds?) -> Bool {
    switch self {
    case .compare(let left, let comparison, let right):
      Filter.compare(left, comparison.negated, right).mayBeTrue(bounds)
    case .between(.column(let name), let low, let high):
      Self.mayCompare(bounds(name), .less, low) || Self.mayCompare(bounds(name), .greater, high)
    case .isIn(.column(let name), _), .hasPrefix(.column(let name), _):
      bounds(name)?.isAllNull != true
    case .isNull(.column(let name)):
      bounds(name)?.isAllNull != true
    case .and(let filters): filters.contains { $0.mayBeFalse(bounds) }
    case .or(let filters): filters.allSatisfy { $0.mayBeFalse(bounds) }
    case .not(let filter): filter.mayBeTrue(bounds)
    case .between, .isIn, .hasPrefix, .isNull: true
    }
  }

  private static func mayCompare(
    _ bounds: ColumnBounds?, _ comparison: Comparison, _ value: ColumnValue
  ) -> Bool {
    if value.isNull { return false }
    guard let bounds else { return true }
    if bounds.isAllNull { return false }
    let low = bounds.minimum.flatMap { $0.order(to: value) }
    let high = bounds.maximum.flatMap { $0.order(to: value) }
    switch comparison {
    case .equal: return (low ?? 0) <= 0 && (high ?? 0) >= 0
    case .notEqual: return !(low == 0 && high == 0)
    case .less: return (low ?? -1) < 0
    case .lessOrEqual: return (low ?? -1) <= 0
    case .greater: return (high ?? 1) > 0
    case .greaterOrEqual: return (high ?? 1) >= 0
    }
  }

  private static func mayBegin(_ bounds: ColumnBounds?, with prefix: String) -> Bool {
    guard let bounds else { return true }
    if bounds.isAllNull { return false }
    if let maximum = bounds.maximum, let order = maximum.order(to: .string(prefix)), order < 0 {
      return false
    }
    if case .string(let minimum)? = bounds.minimum, !minimum.utf8.starts(with: prefix.utf8),
      prefix.utf8.lexicographicallyPrecedes(minimum.utf8)
    {
      return false
    }
    return true
  }
}

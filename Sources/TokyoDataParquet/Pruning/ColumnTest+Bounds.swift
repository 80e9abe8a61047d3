internal import TokyoDataColumns

extension ColumnTest {
  /// How many of `count` slots pass, by what a file says of them: a proof where it is none or all.
  func matches(_ statistics: ParquetStatistics, count: Int) -> Matches {
    let nulls = statistics.nullCount
    if case .isNull = condition {
      guard let nulls else { return .some }
      return nulls == 0 ? .none : nulls == count ? .all : .some
    }
    if nulls == count { return .none }
    let values = matches(values: statistics, count: nulls.map { count - $0 })
    // Nulls pass no other test.
    return values == .all && nulls != 0 ? .some : values
  }

  /// How many of the values, of which there may be any number, pass.
  private func matches(values statistics: ParquetStatistics, count: Int?) -> Matches {
    let range = ValueRange(statistics, mayHoldNaN: mayHoldNaN(statistics))
    switch condition {
    case .isNull: return .none
    case .isNotNull: return .all
    case .isNaN:
      if !range.mayHoldNaN { return .none }
      return statistics.nanCount == count && count != nil ? .all : .some
    case .isNotNaN:
      if !range.mayHoldNaN { return .all }
      return statistics.nanCount == count && count != nil ? .none : .some
    case .compare(let comparison, let value): return range.matches(comparison, value)
    case .isIn(let values): return values.map { range.matches(.equal, $0) }.max() ?? .none
    case .isNotIn(let values): return values.map { range.matches(.notEqual, $0) }.min() ?? .all
    }
  }

  private func mayHoldNaN(_ statistics: ParquetStatistics) -> Bool {
    column.type.isFloatingPoint && statistics.nanCount != 0
  }
}

/// What is known of some values; bounds say nothing of NaN, which is above them all.
private struct ValueRange {
  let low: ValueBounds.Bound?
  let high: ValueBounds.Bound?
  let mayHoldNaN: Bool

  init(_ statistics: ParquetStatistics, mayHoldNaN: Bool) {
    low = statistics.minimum.flatMap { ValueBounds.Bound(comparable: $0) }
    high = statistics.maximum.flatMap { ValueBounds.Bound(comparable: $0) }
    self.mayHoldNaN = mayHoldNaN
  }

  func matches(_ comparison: ParquetFilter.Comparison, _ value: ValueBounds.Bound) -> Matches {
    // Whether all numbers are known to be below, not above, above or not below the value, in this order.
    let below = high.map { $0 < value } ?? false
    let notAbove = high.map { $0 <= value } ?? false
    let above = low.map { $0 > value } ?? false
    let notBelow = low.map { $0 >= value } ?? false
    let (all, none) =
      switch comparison {
      case .equal: (notAbove && notBelow, below || above)
      case .notEqual: (below || above, notAbove && notBelow)
      case .less: (below, notBelow)
      case .lessOrEqual: (notAbove, above)
      case .greater: (above, notAbove)
      case .greaterOrEqual: (notBelow, below)
      }
    let doesNaNPass = comparison.holds(1)
    if none { return mayHoldNaN && doesNaNPass ? .some : .none }
    if all { return mayHoldNaN && !doesNaNPass ? .some : .all }
    return .some
  }
}

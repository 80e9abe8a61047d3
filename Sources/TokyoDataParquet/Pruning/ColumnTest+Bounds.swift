internal import TokyoDataColumns

extension ColumnTest {
  /// Whether some of `count` slots may pass, by what a file says of them.
  func mayMatch(_ statistics: ParquetStatistics, count: Int) -> Bool {
    let nulls = statistics.nullCount
    switch condition {
    case .isNull: return nulls.map { $0 > 0 } ?? true
    case .isNotNull: return nulls.map { $0 < count } ?? true
    case .compare(let comparison, let value):
      return nulls.map { $0 < count } ?? true && mayMatch(statistics, comparison, value)
    case .isIn(let values):
      return nulls.map { $0 < count } ?? true && values.contains { mayMatch(statistics, .equal, $0) }
    }
  }

  /// Bounds leave NaN aside, which passes the one comparison that floating-point columns are not pruned by.
  private func mayMatch(
    _ statistics: ParquetStatistics, _ comparison: ParquetFilter.Comparison, _ value: ValueBounds.Bound
  ) -> Bool {
    if case .double(let number) = value, number.isNaN { return comparison == .notEqual }
    let low = statistics.minimum.flatMap { ValueBounds.Bound(comparable: $0) }
    let high = statistics.maximum.flatMap { ValueBounds.Bound(comparable: $0) }
    switch comparison {
    case .equal: return low.map { $0 <= value } ?? true && high.map { value <= $0 } ?? true
    case .less: return low.map { $0 < value } ?? true
    case .lessOrEqual: return low.map { $0 <= value } ?? true
    case .greater: return high.map { value < $0 } ?? true
    case .greaterOrEqual: return high.map { value <= $0 } ?? true
    case .notEqual:
      if column.type.isFloatingPoint { return true }
      // All values equal it where it is both bounds, and these are values.
      let isOnlyValue =
        low == value && high == value && statistics.isMinimumExact && statistics.isMaximumExact
      return !isOnlyValue
    }
  }
}

extension ValueBounds.Bound {
  /// The form in which a value that is not nested is compared.
  init?(comparable value: ColumnValue) {
    switch value {
    case .bool(let value): self = .integer(value ? 1 : 0)
    case .int(let value): self = .integer(value)
    case .float(let value): self = .double(Double(value))
    case .double(let value): self = .double(value)
    case .decimal(let value): self = .decimal(value.unscaled)
    case .string(let value): self = .bytes(Array(value.utf8))
    case .bytes(let value): self = .bytes(value)
    case .date(let value): self = .integer(Int64(value.daysSince1970))
    case .time(let value): self = .integer(value.microsecondsSinceMidnight)
    case .timestamp(let value): self = .integer(value.microsecondsSince1970)
    case .localTimestamp(let value): self = .integer(value.microsecondsSince1970)
    case .null, .list, .structure, .map: return nil
    }
  }
}

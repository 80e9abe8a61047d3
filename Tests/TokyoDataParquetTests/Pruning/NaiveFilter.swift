import TokyoDataColumns
import TokyoDataParquet

/// Filters value by value, as slowly and plainly as the documentation words it.
enum NaiveFilter {
  /// Nil where the filter is neither true nor false.
  static func truth(of filter: ParquetFilter, _ row: [String: ColumnValue]) -> Bool? {
    switch filter {
    case .compare(let name, let comparison, let value): return compare(row[name] ?? .null, comparison, value)
    case .isIn(let name, let values):
      return either(values.map { compare(row[name] ?? .null, .equal, $0) })
    case .isNull(let name): return row[name] == .null
    case .and(let filters): return either(filters.map { truth(of: $0, row).map { !$0 } }).map { !$0 }
    case .or(let filters): return either(filters.map { truth(of: $0, row) })
    case .not(let filter): return truth(of: filter, row).map { !$0 }
    }
  }

  private static func either(_ truths: [Bool?]) -> Bool? {
    truths.contains(true) ? true : truths.contains(nil) ? nil : false
  }

  static func compare(
    _ left: ColumnValue, _ comparison: ParquetFilter.Comparison, _ right: ColumnValue
  ) -> Bool? {
    guard let order = order(left, right) else { return nil }
    switch comparison {
    case .equal: return order == 0
    case .notEqual: return order != 0
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    case .greaterOrEqual: return order >= 0
    }
  }

  private static func order(_ left: ColumnValue, _ right: ColumnValue) -> Int? {
    switch (left, right) {
    case (.bool(let a), .bool(let b)): order(a ? 1 : 0, b ? 1 : 0)
    case (.int(let a), .int(let b)): order(a, b)
    case (.int(let a), .decimal(let b)): order(Decimal128(a), b)
    case (.decimal(let a), .int(let b)): order(a, Decimal128(b))
    case (.decimal(let a), .decimal(let b)): order(a, b)
    case (.float(let a), .float(let b)): numbers(Double(a), Double(b))
    case (.float(let a), .double(let b)): numbers(Double(a), b)
    case (.float(let a), .int(let b)): numbers(Double(a), Double(b))
    case (.double(let a), .int(let b)): numbers(a, Double(b))
    case (.double(let a), .float(let b)): numbers(a, Double(b))
    case (.double(let a), .double(let b)): numbers(a, b)
    case (.string(let a), .string(let b)): bytes(Array(a.utf8), Array(b.utf8))
    case (.bytes(let a), .bytes(let b)): bytes(a, b)
    case (.date(let a), .date(let b)): order(a, b)
    case (.time(let a), .time(let b)): order(a, b)
    case (.timestamp(let a), .timestamp(let b)): order(a, b)
    case (.localTimestamp(let a), .localTimestamp(let b)): order(a, b)
    default: nil
    }
  }

  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left == right ? 0 : 1
  }

  /// NaN above all, and equal to itself.
  private static func numbers(_ left: Double, _ right: Double) -> Int {
    if left.isNaN || right.isNaN { return order(left.isNaN ? 1 : 0, right.isNaN ? 1 : 0) }
    return order(left, right)
  }

  private static func bytes(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.lexicographicallyPrecedes(right) ? -1 : left == right ? 0 : 1
  }
}

/// A condition on a row, in SQL's three-valued logic: a comparison with null is neither true nor false.
///
/// A row passes where the condition is true. Texts compare by code point, −0.0 equals 0.0, NaN equals NaN
/// and is above every number.
@nonexhaustive
public indirect enum Filter: Hashable, Sendable {
  /// Both sides compare so.
  case compare(ColumnExpression, Comparison, ColumnExpression)
  /// The value is one of these: an `or` of comparisons, so false for no values, and unknown where the value
  /// equals none of them and one is null.
  case isIn(ColumnExpression, [ColumnValue])
  /// The value lies between two others, both included.
  case between(ColumnExpression, ColumnValue, ColumnValue)
  /// The value is null.
  case isNull(ColumnExpression)
  /// The text begins with this one.
  case hasPrefix(ColumnExpression, String)
  /// All hold; true for none.
  case and([Filter])
  /// One holds at least; false for none.
  case or([Filter])
  /// It does not hold.
  case not(Filter)

  /// The usual comparisons.
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// Equal.
    case equal = "eq"
    /// Not equal.
    case notEqual = "ne"
    /// Below.
    case less = "lt"
    /// Below or equal.
    case lessOrEqual = "le"
    /// Above.
    case greater = "gt"
    /// Above or equal.
    case greaterOrEqual = "ge"
  }
}

extension Filter {
  /// The column compares so with a literal.
  public static func column(_ name: String, _ comparison: Comparison, _ value: ColumnValue) -> Filter {
    .compare(.column(name), comparison, .literal(value))
  }

  /// The names of the columns it reads.
  public var columns: Set<String> {
    switch self {
    case .compare(let left, _, let right): left.columns.union(right.columns)
    case .isIn(let value, _), .between(let value, _, _), .isNull(let value), .hasPrefix(let value, _):
      value.columns
    case .and(let filters), .or(let filters): filters.reduce(into: []) { $0.formUnion($1.columns) }
    case .not(let filter): filter.columns
    }
  }

  /// Both hold.
  public static func && (left: Filter, right: Filter) -> Filter { .and([left, right]) }

  /// One holds at least.
  public static func || (left: Filter, right: Filter) -> Filter { .or([left, right]) }

  /// It does not hold.
  public static prefix func ! (filter: Filter) -> Filter { .not(filter) }
}

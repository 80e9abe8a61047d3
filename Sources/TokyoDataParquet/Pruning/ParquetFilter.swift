/// A condition on the rows of a file, in SQL's three-valued logic; a scan gives those for which it is true.
///
/// A comparison with null is neither true nor false, and so is what ``not(_:)`` makes of it. Texts and byte
/// strings compare by their bytes, which for texts is by code point. −0.0 equals 0.0; NaN equals NaN and is
/// above every number.
@nonexhaustive
public indirect enum ParquetFilter: Hashable, Sendable {
  /// The column's value compares so with a value of its type.
  ///
  /// Integers and decimals of any scale compare with columns of integers and of decimals, all numbers but
  /// decimals with columns of floating-point numbers.
  case compare(String, Comparison, ColumnValue)
  /// The column's value is one of these: an `or` of comparisons, so false for no values, and unknown where
  /// the value equals none of them and one is null.
  case isIn(String, [ColumnValue])
  /// The column's value is null.
  case isNull(String)
  /// All are true; true for none.
  case and([ParquetFilter])
  /// One is true at least; false for none.
  case or([ParquetFilter])
  /// It is false.
  case not(ParquetFilter)

  /// The usual comparisons.
  public enum Comparison: Hashable, Sendable, CaseIterable {
    /// Equal.
    case equal
    /// Not equal.
    case notEqual
    /// Below.
    case less
    /// Below or equal.
    case lessOrEqual
    /// Above.
    case greater
    /// Above or equal.
    case greaterOrEqual
  }
}

extension ParquetFilter {
  /// The column's value is not null.
  public static func isNotNull(_ column: String) -> ParquetFilter { .not(.isNull(column)) }

  /// The names of the columns that it reads.
  public var columns: Set<String> {
    switch self {
    case .compare(let name, _, _), .isIn(let name, _), .isNull(let name): [name]
    case .and(let filters), .or(let filters): filters.reduce(into: []) { $0.formUnion($1.columns) }
    case .not(let filter): filter.columns
    }
  }

  /// Both are true.
  public static func && (left: ParquetFilter, right: ParquetFilter) -> ParquetFilter { .and([left, right]) }

  /// One is true at least.
  public static func || (left: ParquetFilter, right: ParquetFilter) -> ParquetFilter { .or([left, right]) }

  /// It is false.
  public static prefix func ! (filter: ParquetFilter) -> ParquetFilter { .not(filter) }
}

extension ParquetFilter.Comparison {
  /// The comparison that holds for two values where this one does not.
  var negated: Self {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }

  /// The comparison holds for a value that is below another (negative), equal to it or above.
  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    }
  }
}

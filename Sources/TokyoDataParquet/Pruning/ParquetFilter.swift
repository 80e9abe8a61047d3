/// A condition on the rows of a file; a filtered scan gives those for which it is true.
///
/// A comparison with null is not true. Texts and byte strings compare by their bytes, which for texts is by
/// code point. Floating-point numbers compare as Swift compares them: −0.0 equals 0.0, and NaN passes
/// ``Comparison/notEqual`` only.
@nonexhaustive
public indirect enum ParquetFilter: Hashable, Sendable {
  /// The column's value compares so with a value of its type.
  case compare(String, Comparison, ColumnValue)
  /// The column's value is one of these.
  case isIn(String, [ColumnValue])
  /// The column's value is null.
  case isNull(String)
  /// The column's value is not null.
  case isNotNull(String)
  /// All are true; true for none.
  case and([ParquetFilter])
  /// One is true at least; false for none.
  case or([ParquetFilter])

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

  /// The names of the columns that it reads.
  public var columns: Set<String> {
    switch self {
    case .compare(let name, _, _), .isIn(let name, _), .isNull(let name), .isNotNull(let name): [name]
    case .and(let filters), .or(let filters): filters.reduce(into: []) { $0.formUnion($1.columns) }
    }
  }

  /// Both are true.
  public static func && (left: ParquetFilter, right: ParquetFilter) -> ParquetFilter { .and([left, right]) }

  /// One is true at least.
  public static func || (left: ParquetFilter, right: ParquetFilter) -> ParquetFilter { .or([left, right]) }
}

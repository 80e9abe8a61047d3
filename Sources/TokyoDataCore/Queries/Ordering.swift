/// A result column to sort by.
///
/// Nulls come last in both directions unless asked otherwise.
///
/// Texts sort by code point, NaN above every number, false before true.
public struct Ordering: Hashable, Sendable {
  /// The column's name: a result column, or, in a query for rows, any column of the dataset.
  public var column: String
  /// From greatest to least.
  public var isDescending: Bool
  /// Nulls come before all values.
  public var nullsFirst: Bool

  /// Makes an ordering, ascending unless said otherwise.
  public init(_ column: String, descending: Bool = false, nullsFirst: Bool = false) {
    self.column = column
    isDescending = descending
    self.nullsFirst = nullsFirst
  }

  /// From greatest to least.
  public static func descending(_ column: String) -> Ordering { Ordering(column, descending: true) }
}

extension Ordering: ExpressibleByStringLiteral {
  /// Ascending by the column with this name.
  public init(stringLiteral column: String) { self.init(column) }
}

/// A result column of a query for rows.
public struct Projection: Hashable, Sendable {
  /// What it shows.
  public var expression: ColumnExpression
  /// Its name.
  public var name: String

  /// Makes a result column of an expression.
  public init(_ expression: ColumnExpression, as name: String) {
    self.expression = expression
    self.name = name
  }

  /// Makes a result column that is a column of the dataset.
  public init(_ column: String) {
    self.init(.column(column), as: column)
  }
}

extension Projection: ExpressibleByStringLiteral {
  /// The column with this name.
  public init(stringLiteral column: String) { self.init(column) }
}

/// One value computed over the rows of a group.
public struct Aggregate: Hashable, Sendable {
  /// What is computed.
  public var function: Function
  /// The result column's name.
  public var name: String

  /// Makes an aggregate; its name is `count`, or the function's and the column's, unless said otherwise.
  public init(_ function: Function, as name: String? = nil) {
    self.function = function
    self.name = name ?? function.defaultName
  }

  /// The functions.
  ///
  /// Nulls are left out by all but `countRows`.
  @nonexhaustive
  public enum Function: Hashable, Sendable {
    /// How many rows there are.
    case countRows
    /// How many values are not null.
    case count(ColumnExpression)
    /// The sum: for integers and decimals a decimal(38) at the column's scale, exact or an error; for
    /// floating-point numbers a double, inexact. Null for no values.
    case sum(ColumnExpression)
    /// The least value; null for no values.
    case min(ColumnExpression)
    /// The greatest value; null for no values.
    case max(ColumnExpression)
    /// The mean: for integers and decimals six more places than the column, rounded half away from zero;
    /// for floating-point numbers a double, inexact. Null for no values.
    case average(ColumnExpression)

    /// What it is computed of; nil for `countRows`.
    public var operand: ColumnExpression? {
      switch self {
      case .countRows: nil
      case .count(let value), .sum(let value), .min(let value), .max(let value), .average(let value): value
      }
    }

    /// Its name in the JSON form.
    public var keyword: String {
      switch self {
      case .countRows, .count: "count"
      case .sum: "sum"
      case .min: "min"
      case .max: "max"
      case .average: "avg"
      }
    }

    fileprivate var defaultName: String {
      if case .column(let column) = operand { return "\(keyword)_\(column)" }
      return keyword
    }
  }
}

extension Aggregate {
  /// How many rows there are.
  public static let count = Aggregate(.countRows)
  /// The sum of a column.
  public static func sum(_ column: String, as name: String? = nil) -> Aggregate {
    Aggregate(.sum(.column(column)), as: name)
  }
  /// The least value of a column.
  public static func min(_ column: String, as name: String? = nil) -> Aggregate {
    Aggregate(.min(.column(column)), as: name)
  }
  /// The greatest value of a column.
  public static func max(_ column: String, as name: String? = nil) -> Aggregate {
    Aggregate(.max(.column(column)), as: name)
  }
  /// The mean of a column.
  public static func average(_ column: String, as name: String? = nil) -> Aggregate {
    Aggregate(.average(.column(column)), as: name)
  }
}

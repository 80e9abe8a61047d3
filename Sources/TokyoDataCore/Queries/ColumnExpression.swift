/// A column, a literal, or exact arithmetic on them.
///
/// Integers give 64-bit integers, with a decimal a decimal (sums at the larger scale, products at the sum of
/// scales, 38 digits at most), with a floating-point number a double. What overflows is an error, never a
/// wrap. Null with anything is null. There is no division: its result's scale differs between engines.
@nonexhaustive
public indirect enum ColumnExpression: Hashable, Sendable {
  /// The column with this name.
  case column(String)
  /// A value, which takes the type of what it meets; in arithmetic a number keeps its own scale, and a
  /// `double` beside exact numbers is the decimal that its shortest text says.
  case literal(ColumnValue)
  /// The sum.
  case add(ColumnExpression, ColumnExpression)
  /// The difference.
  case subtract(ColumnExpression, ColumnExpression)
  /// The product.
  case multiply(ColumnExpression, ColumnExpression)
}

extension ColumnExpression {
  /// The names of the columns it reads.
  public var columns: Set<String> {
    switch self {
    case .column(let name): [name]
    case .literal: []
    case .add(let left, let right), .subtract(let left, let right), .multiply(let left, let right):
      left.columns.union(right.columns)
    }
  }
}

extension ColumnExpression: ExpressibleByStringLiteral {
  /// The column with this name.
  public init(stringLiteral name: String) { self = .column(name) }
}

internal import TokyoDataCore

/// Renders expressions in the types that the evaluator computes them in.
struct ExpressionSQL {
  let query: ResolvedQuery
  let table: SourceTable

  func render(_ expression: ColumnExpression) throws(TokyoDataError) -> PostgresStatement {
    switch expression {
    case .column(let name): try table.expression(name)
    case .literal(let value): literal(value)
    case .add(let left, let right): try sum("+", of: left, and: right, expression)
    case .subtract(let left, let right): try sum("-", of: left, and: right, expression)
    case .multiply(let left, let right): try product(of: left, and: right, expression)
    }
  }

  /// Both sides in the result's type first: integers compute in 64 bits, whatever their columns have, and
  /// decimals in 38 digits, so that what overflows there overflows here.
  private func sum(
    _ sign: PostgresStatement, of left: ColumnExpression, and right: ColumnExpression,
    _ whole: ColumnExpression
  ) throws(TokyoDataError) -> PostgresStatement {
    let type = try computedType(of: whole)
    return "((\(try render(left)))::\(type) \(sign) (\(try render(right)))::\(type))::\(type)"
  }

  /// A product of decimals has the places of both, so its sides keep their own.
  private func product(
    of left: ColumnExpression, and right: ColumnExpression, _ whole: ColumnExpression
  ) throws(TokyoDataError) -> PostgresStatement {
    let type = try computedType(of: whole)
    let side: PostgresStatement = if case .decimal = try query.type(of: whole) { "numeric" } else { type }
    return "((\(try render(left)))::\(side) * (\(try render(right)))::\(side))::\(type)"
  }

  private func computedType(of expression: ColumnExpression) throws(TokyoDataError) -> PostgresStatement {
    switch try query.type(of: expression) {
    case .float, .double: "float8"
    case .decimal(let precision, let scale): "numeric(\(unescaped: "\(precision),\(scale)"))"
    default: "int8"
    }
  }

  /// A literal with its type, for places that do not settle one.
  private func literal(_ value: ColumnValue) -> PostgresStatement {
    switch value {
    // A bind without type must have a place that gives it one; NULL need not.
    case .null: "NULL"
    case .string: "\(value)::text"
    default: "\(value)"
    }
  }
}

internal import TokyoDataCore

/// Renders expressions in the types that the evaluator computes them in.
struct ExpressionSQL {
  let query: ResolvedQuery
  let table: SourceTable

  func render(_ expression: ColumnExpression) throws(TokyoDataError) -> PostgresStatement {
    switch expression {
    case .column(let name): return try table.expression(name)
    case .literal(let value): return literal(value)
    case .add(let left, let right): return try operation("+", left, right)
    case .subtract(let left, let right): return try operation("-", left, right)
    case .multiply(let left, let right): return try operation("*", left, right)
    }
  }

  /// Both sides in the result's type first: integers compute in 64 bits, whatever their columns have.
  private func operation(
    _ sign: PostgresStatement, _ left: ColumnExpression, _ right: ColumnExpression
  ) throws(TokyoDataError) -> PostgresStatement {
    let type: PostgresStatement =
      switch try query.type(of: .add(left, right)) {
      case .float, .double: "float8"
      case .decimal: "numeric"
      default: "int8"
      }
    return "((\(try render(left)))::\(type) \(sign) (\(try render(right)))::\(type))"
  }

  /// A literal with its type, for places that do not settle one.
  private func literal(_ value: ColumnValue) -> PostgresStatement {
    switch value {
    case .string: "\(value)::text"
    default: "\(value)"
    }
  }
}

/// Renders filters: texts compare by code point, all else as PostgreSQL does.
struct FilterSQL {
  let query: ResolvedQuery
  let table: SourceTable

  func condition(_ filter: Filter) throws(TokyoDataError) -> PostgresStatement {
    switch filter {
    case .compare(let left, let comparison, let right):
      return "(\(try operand(left, comparison)) \(sign(comparison)) \(try operand(right, comparison)))"
    case .isIn(let value, let candidates):
      guard !candidates.isEmpty else { return "false" }
      let list = candidates.map { candidate -> PostgresStatement in "\(candidate)" }
      return "(\(try render(value)) IN (\(.joining(list, separator: ", "))))"
    case .between(let value, let lower, let upper):
      let subject = try operand(value, .less)
      return "(\(subject) BETWEEN \(lower) AND \(upper))"
    case .isNull(let value): return "(\(try render(value)) IS NULL)"
    case .hasPrefix(let value, let prefix): return "starts_with(\(try render(value)), \(prefix))"
    case .and(let filters): return try joined(filters, by: " AND ", empty: "true")
    case .or(let filters): return try joined(filters, by: " OR ", empty: "false")
    case .not(let inner): return "(NOT \(try condition(inner)))"
    }
  }

  private func joined(
    _ filters: [Filter], by word: String, empty: PostgresStatement
  ) throws(TokyoDataError) -> PostgresStatement {
    var conditions: [PostgresStatement] = []
    for filter in filters { conditions.append(try condition(filter)) }
    return conditions.isEmpty ? empty : "(\(.joining(conditions, separator: word)))"
  }

  private func operand(
    _ expression: ColumnExpression, _ comparison: Filter.Comparison
  ) throws(TokyoDataError) -> PostgresStatement {
    let sql = try render(expression)
    // Equality is bytewise under every deterministic collation, and can use the column's own index.
    guard comparison != .equal, comparison != .notEqual, case .column(let name) = expression,
      try query.type(of: .column(name)) == .string
    else { return sql }
    return "\(sql) COLLATE \"C\""
  }

  private func render(_ expression: ColumnExpression) throws(TokyoDataError) -> PostgresStatement {
    try ExpressionSQL(query: query, table: table).render(expression)
  }

  private func sign(_ comparison: Filter.Comparison) -> PostgresStatement {
    switch comparison {
    case .equal: "="
    case .notEqual: "<>"
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    }
  }
}

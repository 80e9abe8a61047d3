internal import TokyoDataCore

/// Renders filters: texts compare by code point, numbers of different kinds as the evaluator compares them.
struct FilterSQL {
  let query: ResolvedQuery
  let table: SourceTable

  func condition(_ filter: Filter) throws(TokyoDataError) -> PostgresStatement {
    switch filter {
    case .compare(let left, let comparison, let right): return try comparing(left, comparison, right)
    case .isIn(let value, let candidates): return try membership(value, candidates)
    case .between(let value, let lower, let upper):
      return try condition(
        .and([
          .compare(value, .greaterOrEqual, .literal(lower)), .compare(value, .lessOrEqual, .literal(upper)),
        ]))
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

  private func comparing(
    _ left: ColumnExpression, _ comparison: Filter.Comparison, _ right: ColumnExpression
  ) throws(TokyoDataError) -> PostgresStatement {
    let (leftType, rightType) = (try type(of: left), try type(of: right))
    var sides = (try render(left), try render(right))
    if let leftType, let rightType, leftType.isFloatingPoint != rightType.isFloatingPoint {
      // Beside a binary number an exact one is the nearest binary64 number.
      sides = ("(\(sides.0))::float8", "(\(sides.1))::float8")
    }
    // Equality is bytewise under every deterministic collation, and can use the column's own index.
    let isOrder = comparison != .equal && comparison != .notEqual
    let collation: PostgresStatement = isOrder && leftType == .string ? " COLLATE \"C\"" : ""
    return "(\(sides.0)\(collation) \(sign(comparison)) \(sides.1))"
  }

  /// A list of numbers of several kinds would all become one kind, and large integers inexact: each kind
  /// has a list of its own.
  private func membership(
    _ value: ColumnExpression, _ candidates: [ColumnValue]
  ) throws(TokyoDataError) -> PostgresStatement {
    guard !candidates.isEmpty else { return "false" }
    let subject = try render(value)
    let isExact = try type(of: value)?.exactScale != nil
    let kinds = Dictionary(grouping: candidates) { $0.postgresBind.type.oid }.sorted { $0.key < $1.key }
    let lists = kinds.map { _, kind -> PostgresStatement in
      let list = kind.map { $0.isNull ? "NULL" : "\($0)" as PostgresStatement }
      let isBinary = kind.contains { if case .double = $0 { true } else { false } }
      let cast: PostgresStatement = isExact && isBinary ? "::float8" : ""
      return "(\(subject))\(cast) IN (\(.joining(list, separator: ", ")))"
    }
    return "(\(.joining(lists, separator: " OR ")))"
  }

  private func render(_ expression: ColumnExpression) throws(TokyoDataError) -> PostgresStatement {
    try ExpressionSQL(query: query, table: table).render(expression)
  }

  /// The type of a side; nil for a lone null.
  private func type(of expression: ColumnExpression) throws(TokyoDataError) -> ColumnType? {
    if case .literal(.null) = expression { return nil }
    return try query.type(of: expression)
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

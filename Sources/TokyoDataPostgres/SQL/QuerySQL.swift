internal import TokyoDataCore

/// Renders a query's part of the hot tier as SQL whose meaning is that of the evaluator, spelled out:
/// collation, order of nulls, integer width, the bounds of days.
struct QuerySQL {
  let query: ResolvedQuery
  let table: SourceTable

  /// The statement that gives batches of the query's `partialSchema` from some ranges of time.
  func statement(in ranges: [TimeRange]) throws(TokyoDataError) -> PostgresStatement {
    var columns: [PostgresStatement] = []
    for column in query.partialColumns { columns.append(try partial(column)) }
    var sql: PostgresStatement = "SELECT \(.joining(columns, separator: ", ")) FROM \(table.name.sql)"
    let conditions = try [
      timeCondition(ranges),
      query.filter.map { filter throws(TokyoDataError) in
        try FilterSQL(query: query, table: table).condition(filter)
      },
    ].compactMap { $0 }
    if !conditions.isEmpty { sql = "\(sql) WHERE \(.joining(conditions, separator: " AND "))" }
    if query.query.isGrouped {
      let keys = query.query.groupings.indices.map { PostgresStatement(unescaped: "\($0 + 1)") }
      return keys.isEmpty ? sql : "\(sql) GROUP BY \(.joining(keys, separator: ", "))"
    }
    if let limit = query.query.limit {
      sql = "\(sql)\(try order()) LIMIT \(limit)"
    }
    return sql
  }

  /// The time column lies in the query's range and in one of the ranges; nil where that is all of time.
  private func timeCondition(_ ranges: [TimeRange]) throws(TokyoDataError) -> PostgresStatement? {
    guard query.dataset.timeColumn != nil else { return nil }
    let within = ranges.map { $0.intersection(query.query.timeRange) }.filter { !$0.isEmpty }
    guard !within.contains(.unbounded) else { return nil }
    return try table.within(within, of: query.dataset)
  }

  /// Every tier sorts and cuts alike, ties broken as the query says, so that the merge of the tops is the top.
  private func order() throws(TokyoDataError) -> PostgresStatement {
    var terms: [PostgresStatement] = []
    for key in query.sortKeys {
      guard case .value(let value) = query.partialColumns[key.column] else { continue }
      let collation: PostgresStatement = try query.type(of: value) == .string ? " COLLATE \"C\"" : ""
      terms.append(
        """
        \(try expression(value))\(collation) \(unescaped: key.isDescending ? "DESC" : "ASC") \
        NULLS \(unescaped: key.nullsFirst ? "FIRST" : "LAST")
        """)
    }
    return terms.isEmpty ? "" : " ORDER BY \(.joining(terms, separator: ", "))"
  }

  private func partial(_ column: PartialColumn) throws(TokyoDataError) -> PostgresStatement {
    switch column {
    case .key(.column(let name)): return try table.expression(name)
    case .key(.bucket(let bucket)): return try self.bucket(bucket)
    case .rowCount: return "count(*)"
    case .count(let value): return "count(\(try expression(value)))"
    case .sum(let value):
      let type: PostgresStatement = try query.type(of: value).isFloatingPoint ? "float8" : "numeric"
      return "sum((\(try expression(value)))::\(type))"
    case .minimum(let value): return try extreme(of: value, isMinimum: true)
    case .maximum(let value): return try extreme(of: value, isMinimum: false)
    case .value(let value): return try expression(value)
    }
  }

  private func extreme(of value: ColumnExpression, isMinimum: Bool) throws(TokyoDataError)
    -> PostgresStatement
  {
    let collation: PostgresStatement = try query.type(of: value) == .string ? " COLLATE \"C\"" : ""
    return "\(unescaped: isMinimum ? "min" : "max")(\(try expression(value))\(collation))"
  }

  private func bucket(_ bucket: TimeBucket) throws(TokyoDataError) -> PostgresStatement {
    guard let name = bucket.column ?? query.dataset.timeColumn else {
      throw TokyoDataError(.invalidArgument, "an undated dataset has no time column to group by")
    }
    let column = try table.expression(name)
    let type = try query.type(of: .column(name))
    if type == .date, bucket.unit == .day { return column }
    let local: PostgresStatement =
      switch type {
      case .timestamp: "\(column) AT TIME ZONE 'UTC'"
      case .date: "\(column)::timestamp"
      default: column
      }
    return "date_trunc('\(unescaped: bucket.unit.rawValue)', \(local))::date"
  }

  func expression(_ expression: ColumnExpression) throws(TokyoDataError) -> PostgresStatement {
    try ExpressionSQL(query: query, table: table).render(expression)
  }
}

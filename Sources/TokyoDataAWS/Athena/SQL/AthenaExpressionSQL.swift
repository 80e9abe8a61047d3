internal import TokyoDataCore

/// Renders expressions in the types that the evaluator computes them in, so that what overflows there
/// overflows here.
///
/// Athena reads timestamps of files rounded to milliseconds. The dataset's time column has a twin with its
/// microseconds, which stands for it everywhere; other timestamps have none, so their values are refused, not
/// rounded.
struct AthenaExpressionSQL {
  let query: ResolvedQuery

  /// The value, of the type `AthenaSQL.type` of the expression's.
  ///
  /// - Throws: `TokyoDataError.unsupported` naming a column whose values Athena would round.
  func value(_ expression: ColumnExpression) throws(TokyoDataError) -> String {
    switch expression {
    case .column(let name): try column(name)
    case .literal(let value): try literal(value)
    case .add(let left, let right): try combine("+", left, right, expression)
    case .subtract(let left, let right): try combine("-", left, right, expression)
    case .multiply(let left, let right): try combine("*", left, right, expression)
    }
  }

  /// What is null exactly where the expression is.
  func presence(_ expression: ColumnExpression) throws(TokyoDataError) -> String {
    if case .column(let name) = expression, name != query.dataset.timeColumn { return AthenaSQL.column(name) }
    return try value(expression)
  }

  /// The value as the nearest binary64 number.
  func double(_ expression: ColumnExpression) throws(TokyoDataError) -> String {
    let sql = try value(expression)
    switch try query.type(of: expression) {
    case .double: return sql
    // Beyond 15 digits Athena divides two rounded numbers; the text is read exactly.
    case .decimal(let precision, _) where precision > 15: return "CAST(CAST(\(sql) AS varchar) AS double)"
    default: return "CAST(\(sql) AS double)"
    }
  }

  /// The value, with a zero that has no sign: −0.0 and 0.0 are one number.
  func unsigned(_ expression: ColumnExpression) throws(TokyoDataError) -> String {
    let sql = try value(expression)
    return switch try query.type(of: expression) {
    case .double: "(\(sql) + \(AthenaSQL.double(0)))"
    case .float: "(\(sql) + \(AthenaSQL.real(0)))"
    default: sql
    }
  }

  private func column(_ name: String) throws(TokyoDataError) -> String {
    if name == query.dataset.timeColumn {
      return AthenaSQL.column(query.dataset.microsecondTwin ?? name)
    }
    switch try query.type(of: .column(name)) {
    case .timestamp, .localTimestamp:
      throw TokyoDataError(
        .unsupported,
        "Athena rounds timestamps to milliseconds, and only the dataset's time column has its microseconds "
          + "beside it",
        context: .init(dataset: query.dataset.name, column: name))
    default: return AthenaSQL.column(name)
    }
  }

  private func literal(_ value: ColumnValue) throws(TokyoDataError) -> String {
    let sql = try AthenaSQL.exact(value)
    return switch value {
    case .int, .decimal: "CAST(\(sql) AS \(AthenaSQL.type(try query.type(of: .literal(value)))))"
    default: sql
    }
  }

  /// With a null on one side it is null, whatever the other is.
  private func combine(
    _ sign: String, _ left: ColumnExpression, _ right: ColumnExpression, _ whole: ColumnExpression
  ) throws(TokyoDataError) -> String {
    let type = try query.type(of: whole)
    if left == .literal(.null) || right == .literal(.null) { return AthenaSQL.null(type) }
    return "(\(try side(left, of: type, sign)) \(sign) \(try side(right, of: type, sign)))"
  }

  /// One side in the type in which the result is computed.
  ///
  /// Decimals compute in 38 digits; a product has the places of both sides, so there they keep their own.
  private func side(
    _ expression: ColumnExpression, of result: ColumnType, _ sign: String
  ) throws(TokyoDataError) -> String {
    if result == .double { return try double(expression) }
    let sql = try value(expression)
    guard let places = result.exactScale, case .decimal = result else {
      return "CAST(\(sql) AS \(AthenaSQL.type(result)))"
    }
    let own = try query.type(of: expression).exactScale ?? 0
    return "CAST(\(sql) AS decimal(38,\(sign == "*" ? own : places)))"
  }
}

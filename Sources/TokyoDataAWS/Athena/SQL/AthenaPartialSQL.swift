internal import TokyoDataCore

/// Renders what a tier gives: group keys, states that merge, values.
struct AthenaPartialSQL {
  let query: ResolvedQuery

  func column(_ column: PartialColumn) throws(TokyoDataError) -> String {
    let expressions = AthenaExpressionSQL(query: query)
    switch column {
    case .key(.column(let name)): return try expressions.unsigned(.column(name))
    case .key(.bucket(let bucket)): return try self.bucket(bucket)
    case .rowCount: return "count(*)"
    case .count(let value): return "count(\(try expressions.presence(value)))"
    case .sum(let value): return try sum(value)
    case .minimum(let value): return try extreme(of: value, isMinimum: true)
    case .maximum(let value): return try extreme(of: value, isMinimum: false)
    case .value(let value): return try expressions.value(value)
    }
  }

  /// Exact numbers add in 38 digits, beyond which Athena fails as the evaluator does; bare integers would fail
  /// beyond 64 bits.
  private func sum(_ value: ColumnExpression) throws(TokyoDataError) -> String {
    let expressions = AthenaExpressionSQL(query: query)
    guard let scale = try query.type(of: value).exactScale else {
      return "(sum(\(try expressions.double(value))) + \(AthenaSQL.double(0)))"
    }
    return "sum(CAST(\(try expressions.value(value)) AS decimal(38,\(scale))))"
  }

  /// NaN is above every number: the greatest wherever there is one, the least only among its like.
  private func extreme(of value: ColumnExpression, isMinimum: Bool) throws(TokyoDataError) -> String {
    let sql = try AthenaExpressionSQL(query: query).unsigned(value)
    let name = isMinimum ? "min" : "max"
    let type = try query.type(of: value)
    guard type.isFloatingPoint else { return "\(name)(\(sql))" }
    let among = "\(name)(\(sql)) FILTER (WHERE NOT is_nan(\(sql)))"
    let nan = type == .float ? AthenaSQL.real(.nan) : AthenaSQL.double(.nan)
    let ifAny = "CASE WHEN bool_or(is_nan(\(sql))) THEN \(nan)"
    return isMinimum ? "coalesce(\(among), \(ifAny) END)" : "\(ifAny) ELSE \(among) END"
  }

  // MARK: Buckets

  private func bucket(_ bucket: TimeBucket) throws(TokyoDataError) -> String {
    let day = try self.day(of: bucket.column ?? query.dataset.timeColumn ?? "")
    return bucket.unit == .day ? day : "date_trunc('\(bucket.unit.rawValue)', \(day))"
  }

  /// The UTC date of a time column; for the dataset's own it stands in the partition, so no file is read.
  private func day(of column: String) throws(TokyoDataError) -> String {
    guard column == query.dataset.timeColumn, query.dataset.microsecondTwin != nil else {
      return try AthenaExpressionSQL(query: query).value(.column(column))
    }
    let parts = query.dataset.policy.partitionColumns.names.map(AthenaSQL.column)
    return "CAST(\(parts.joined(separator: " || '-' || ")) AS date)"
  }
}

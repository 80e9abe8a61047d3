internal import TokyoDataCore

/// Renders a query's part of the cold tier as SQL whose meaning is that of the evaluator, spelled out: exact
/// sums, NaN, order of nulls, width of integers, the bounds of days.
///
/// The columns of a result are those of `query.partialSchema`, by name and order. Their types are those of
/// `AthenaSQL.type`: instants, local times and times of day come as `bigint` microseconds, which Athena does
/// not round.
struct AthenaQuerySQL {
  /// Bytes of a query that are left for what is put around it, such as `UNLOAD`.
  static let room = 4_096

  let query: ResolvedQuery
  let table: AthenaTable

  /// The statements whose results, merged, are the part of the query that lies in the versions.
  ///
  /// Mostly one; several where the versions or the keys to exclude are too many for a query's bytes; none where
  /// the versions' summaries prove that they hold nothing.
  ///
  /// - Parameter limit: The most bytes of a statement.
  /// - Throws: `TokyoDataError.unsupported` naming a timestamp that Athena would round; `.invalidArgument` for
  ///   a filter that alone is too long.
  func statements(
    from versions: [PinnedVersion], limit: Int = AthenaLimit.queryBytes.most - room
  ) throws(TokyoDataError) -> [AthenaStatement] {
    guard query.query.limit != 0 || query.query.isGrouped else { return [] }
    let surviving = versions.filter { query.mayMatch($0.record) }
    return try statements(surviving.map { AthenaSlice($0) }[...], limit)
  }

  /// Halves what is too long until it fits.
  private func statements(
    _ slices: ArraySlice<AthenaSlice>, _ limit: Int
  ) throws(TokyoDataError) -> [AthenaStatement] {
    guard let sql = try statement(Array(slices)) else { return [] }
    if sql.utf8.count <= limit { return [AthenaStatement(sql: sql)] }
    if slices.count > 1 {
      let middle = slices.startIndex + slices.count / 2
      return try statements(slices[..<middle], limit) + statements(slices[middle...], limit)
    }
    guard let (lower, upper) = slices.first?.halves() else {
      throw TokyoDataError(
        .invalidArgument, "the query takes \(sql.utf8.count) bytes of SQL, of which Athena takes \(limit)",
        context: .init(dataset: query.dataset.name))
    }
    return try statements([lower], limit) + statements([upper], limit)
  }

  private func statement(_ slices: [AthenaSlice]) throws(TokyoDataError) -> String? {
    guard let rows = try AthenaVersionSQL(query: query).condition(slices) else { return nil }
    var columns: [String] = []
    for (column, field) in zip(query.partialColumns, query.partialSchema.fields) {
      let sql = try AthenaPartialSQL(query: query).column(column)
      columns.append("\(sql) AS \(AthenaSQL.identifier(field.name))")
    }
    var sql = "SELECT \(columns.joined(separator: ", ")) FROM \(try source(of: slices)) WHERE \(rows)"
    if let program = try query.filterProgram {
      sql += " AND \(try AthenaFilterSQL(query: query).condition(program))"
    }
    guard !query.query.isGrouped else {
      let keys = query.query.groupings.indices.map { "\($0 + 1)" }
      return keys.isEmpty ? sql : "\(sql) GROUP BY \(keys.joined(separator: ", "))"
    }
    if let limit = query.query.limit { sql += "\(try order()) LIMIT \(limit)" }
    return sql
  }

  /// Every tier sorts and cuts alike, ties broken as the query says, so that the merge of the tops is the top.
  private func order() throws(TokyoDataError) -> String {
    let expressions = AthenaExpressionSQL(query: query)
    var terms: [String] = []
    for key in query.sortKeys {
      guard case .value(let value) = query.partialColumns[key.column] else { continue }
      let direction = (key.isDescending ? "DESC" : "ASC") + " NULLS " + (key.nullsFirst ? "FIRST" : "LAST")
      if try query.type(of: value).isFloatingPoint {
        terms.append("is_nan(\(try expressions.value(value))) \(direction)")
      }
      terms.append("\(try expressions.unsigned(value)) \(direction)")
    }
    return terms.isEmpty ? "" : " ORDER BY \(terms.joined(separator: ", "))"
  }
}

internal import TokyoDataCore

extension VersionRecord {
  /// Why no row of this version can enter a query's answer, by its summary; nil where one may.
  func reasonForNoMatch(with query: ResolvedQuery) -> String? {
    if rowHash.rowCount == 0 { return "the copy has no rows" }
    let schema = query.dataset.schema
    guard query.mayMatch({ bounds(of: $0, in: schema) }) else {
      let impossible = query.filter?.conjuncts.first { !$0.mayBeTrue { bounds(of: $0, in: schema) } }
      guard let impossible else { return "the copy has no row in the time range" }
      let columns = impossible.columns.sorted().joined(separator: ", ")
      return columns.isEmpty
        ? "the filter is never true" : "no row of the copy can match the filter on \(columns)"
    }
    return nil
  }

  /// What the summary knows of a column, as far as a plan may rely on it.
  ///
  /// Bounds of floating-point numbers say nothing of NaN, which is above all of them, and a column that
  /// changed its type since is another one.
  func bounds(of column: String, in schema: ColumnSchema) -> ColumnBounds? {
    guard let index = schema.index(of: column), let summary = summary.columns[column],
      summary.type == schema.fields[index].type, !summary.type.isFloatingPoint
    else { return nil }
    return ColumnBounds(summary, rowCount: rowHash.rowCount)
  }
}

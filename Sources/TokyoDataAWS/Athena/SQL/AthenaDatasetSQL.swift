internal import TokyoDataCore

/// Renders a dataset as somebody's own SQL reads it: a subselect over exactly the pinned versions.
struct AthenaDatasetSQL {
  let dataset: Dataset
  let table: AthenaTable

  /// The subselect, in parentheses.
  ///
  /// - Parameter timeRange: The instants that count, to the microsecond.
  func subselect(
    from versions: [PinnedVersion], in timeRange: TimeRange = .unbounded
  ) throws(TokyoDataError) -> String {
    let names = dataset.schema.fields.map(\.name) + [dataset.microsecondTwin].compactMap { $0 }
    let query = try ResolvedQuery(Query(dataset.name).time(in: timeRange), for: dataset)
    let slices = versions.filter { query.mayMatch($0.record) }.map { AthenaSlice($0) }
    let rows = try AthenaVersionSQL(query: query).condition(slices) ?? "false"
    return
      "(SELECT \(names.map(AthenaSQL.column).joined(separator: ", ")) FROM \(table.sql) WHERE \(rows))"
  }
}

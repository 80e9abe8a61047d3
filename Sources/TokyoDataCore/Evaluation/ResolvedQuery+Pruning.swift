extension ResolvedQuery {
  /// Whether rows that the bounds describe may enter the answer: a proof where false.
  ///
  /// - Parameter bounds: What is known of a column of the rows; nil where nothing is.
  public func mayMatch(_ bounds: (String) -> ColumnBounds?) -> Bool {
    if query.timeRange.isEmpty { return false }
    if let timeColumn = dataset.timeColumn, let time = bounds(timeColumn) {
      if let last = time.maximum?.instant, let from = query.timeRange.from, last < from { return false }
      if let first = time.minimum?.instant, let until = query.timeRange.until, first >= until { return false }
    }
    return filter?.mayBeTrue(bounds) ?? true
  }

  /// Whether rows of a version may enter the answer, from its day and summary alone: a proof where false.
  public func mayMatch(_ record: VersionRecord) -> Bool {
    if dataset.isDated, !query.timeRange.touches(record.day) { return false }
    // A record whose version was never written says nothing.
    guard !record.summary.columns.isEmpty else { return true }
    let rowCount = record.rowHash.rowCount
    return mayMatch { name in
      record.summary.columns[name].map { ColumnBounds($0, rowCount: rowCount) }
        ?? ColumnBounds(absentIn: rowCount)
    }
  }

  /// The encoded bytes of the query's columns in those of the versions that may match, from their summaries.
  package func encodedBytes(in versions: [PinnedVersion]) -> Int {
    let columns = Set(columnsRead)
    let columnsAndKeys = columns.union(dataset.primaryKey)
    var bytes = 0
    for version in versions where mayMatch(version.record) {
      for name in version.excludedKeys == nil ? columns : columnsAndKeys {
        bytes += version.record.summary.columns[name]?.encodedBytes ?? 0
      }
    }
    return bytes
  }
}

extension ColumnValue {
  /// The instant of a time column's value; local times count as UTC, as in a query's time range.
  fileprivate var instant: Timestamp? {
    switch self {
    case .timestamp(let instant): instant
    case .date(let day): day.start
    case .localTimestamp(let local): Timestamp(microsecondsSince1970: local.microsecondsSince1970)
    default: nil
    }
  }
}

internal import TokyoDataCore
internal import TokyoDataLake

/// Renders which rows count: those of the versions that are named, within the query's time, without the
/// excluded keys.
///
/// A version is named by its id and by its day, both partition columns with literal bounds, so that only its
/// folder is listed and read. Time is compared only in days that the query's range cuts.
struct AthenaVersionSQL {
  let query: ResolvedQuery

  /// The condition for rows of the slices; nil where the query's time leaves none of them.
  func condition(_ slices: [AthenaSlice]) throws(TokyoDataError) -> String? {
    var whole: [VersionRecord] = []
    var conditions: [String] = []
    for slice in slices {
      guard let tests = try tests(slice) else { continue }
      let record = slice.version.record
      guard !tests.isEmpty else {
        whole.append(record)
        continue
      }
      conditions.append("(\(([named([record])] + tests).joined(separator: " AND ")))")
    }
    if !whole.isEmpty { conditions.insert("(\(named(whole)))", at: 0) }
    guard !conditions.isEmpty else { return nil }
    return conditions.count == 1 ? conditions[0] : "(\(conditions.joined(separator: " OR ")))"
  }

  // MARK: Versions

  private func named(_ records: [VersionRecord]) -> String {
    let ids = records.map { AthenaSQL.string($0.id.description) }
    let column = AthenaSQL.column(LakeLayout.versionColumn)
    let versions = ids.count == 1 ? "\(column) = \(ids[0])" : "\(column) IN (\(ids.joined(separator: ", ")))"
    guard query.dataset.isDated else { return versions }
    return "\(days(of: records)) AND \(versions)"
  }

  /// Bounds that hold all the days; the ids say which of the days between them are meant.
  private func days(of records: [VersionRecord]) -> String {
    let columns = query.dataset.policy.partitionColumns.names.map(AthenaSQL.column)
    let years = Dictionary(grouping: records, by: \.day.civil.year).sorted { $0.key < $1.key }
    let conditions = years.map { _, records in
      // The values as they stand in the folders, which as padded text sort as numbers do.
      let values = records.map { record in
        LakeLayout.partitionValues(of: record.id, day: record.day, in: query.dataset).map(\.value)
      }
      let months = values.map { $0[1] }
      let parts = [
        Self.bounds(columns[0], values.map { $0[0] }), Self.bounds(columns[1], months),
        Set(months).count == 1 ? Self.bounds(columns[2], values.map { $0[2] }) : nil,
      ]
      return parts.compactMap { $0 }.joined(separator: " AND ")
    }
    return conditions.count == 1
      ? conditions[0] : "(\(conditions.map { "(\($0))" }.joined(separator: " OR ")))"
  }

  private static func bounds(_ column: String, _ values: [String]) -> String? {
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return least == greatest
      ? "\(column) = \(AthenaSQL.string(least))"
      : "\(column) BETWEEN \(AthenaSQL.string(least)) AND \(AthenaSQL.string(greatest))"
  }

  // MARK: Rows of one version

  /// What rows of a version must pass besides; nil where none can.
  private func tests(_ slice: AthenaSlice) throws(TokyoDataError) -> [String]? {
    guard let time = timeTests(slice.version.record.day) else { return nil }
    return time + (try keyTests(slice))
  }

  private func timeTests(_ day: Day) -> [String]? {
    let range = query.query.timeRange
    guard query.dataset.isDated, !range.covers(day) else { return [] }
    guard range.touches(day) else { return nil }
    // A date is the first instant of its day, so a range that does not hold it holds no row.
    guard let twin = query.dataset.microsecondTwin else { return range.contains(day.start) ? [] : nil }
    let column = AthenaSQL.column(twin)
    var tests: [String] = []
    if let from = range.from, from > day.start {
      tests.append("\(column) >= \(AthenaSQL.integer(from.microsecondsSince1970))")
    }
    if let until = range.until, until < day.next.start {
      tests.append("\(column) < \(AthenaSQL.integer(until.microsecondsSince1970))")
    }
    return tests
  }

  private func keyTests(_ slice: AthenaSlice) throws(TokyoDataError) -> [String] {
    guard let keys = slice.version.excludedKeys, let first = keys.schema.fields.first else { return [] }
    let comparisons = AthenaComparisonSQL(query)
    let subject = ColumnExpression.column(first.name)
    var tests: [String] = []
    if let from = slice.from { tests.append(try comparisons.condition(subject, .greaterOrEqual, from)) }
    if let until = slice.until { tests.append(try comparisons.condition(subject, .less, until)) }
    guard !slice.excluded.isEmpty else { return tests }
    func literals(_ row: Int) -> [ComparisonLiteral] {
      keys.columns.map { ComparisonLiteral($0[row], beside: $0.type) }
    }
    guard keys.columns.count > 1 else {
      let set = LiteralSet(slice.excluded.map { literals($0)[0] })
      tests.append(try comparisons.membership(of: subject, in: set, false))
      return tests
    }
    var alternatives: [String] = []
    for row in slice.excluded {
      var parts: [String] = []
      for (field, literal) in zip(keys.schema.fields, literals(row)) {
        parts.append(try comparisons.condition(.column(field.name), .equal, literal))
      }
      alternatives.append("(\(parts.joined(separator: " AND ")))")
    }
    tests.append("(NOT (\(alternatives.joined(separator: " OR "))))")
    return tests
  }
}

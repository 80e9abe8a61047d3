internal import TokyoDataCore

/// A query that reads the same states as another one, day by day: one read then gives a piece for each day.
///
/// Groups get the day as one more key, rows get the time as one more column. Merging the days' states gives
/// the whole's, which is what lets tiers be merged, so nothing else changes.
struct PiecedQuery {
  /// What the caller's states are.
  private let original: ResolvedQuery
  /// What the cold store is asked.
  let reading: ResolvedQuery
  /// Where the day, or the time, stands among what the store gives; nil for a dataset without days.
  private let dayColumn: Int?
  /// Where the caller's columns stand among what the store gives.
  private let columns: [Int]

  /// - Throws: where the query cannot be read so.
  init(_ original: ResolvedQuery) throws(TokyoDataError) {
    self.original = original
    var query = original.query
    var day: PartialColumn?
    if let timeColumn = original.dataset.timeColumn {
      let name = Self.freshName(besides: original)
      if query.isGrouped {
        query.groupings.insert(.bucket(.day, as: name), at: 0)
        day = .key(query.groupings[0])
      } else {
        if query.projections.isEmpty {
          query.projections = original.dataset.schema.fields.map { Projection($0.name) }
        }
        query.projections.append(Projection(.column(timeColumn), as: name))
        day = .value(.column(timeColumn))
      }
    }
    query.having = nil
    if query.isGrouped { (query.orderings, query.limit) = ([], nil) }
    reading = try ResolvedQuery(query, for: original.dataset)
    let given = reading.partialColumns
    dayColumn = day.flatMap { given.firstIndex(of: $0) }
    columns = original.partialColumns.compactMap { given.firstIndex(of: $0) }
    guard columns.count == original.partialColumns.count, (dayColumn == nil) == (day == nil) else {
      throw TokyoDataError(.internal, "a query by days has not the columns of the query")
    }
  }

  /// What was read, in the caller's columns.
  func whole(_ batch: ColumnBatch) throws(TokyoDataError) -> ColumnBatch {
    try inOurTerms { () throws(ColumnError) in try selecting(batch) }
  }

  /// What was read, by its day, in the caller's columns; under one day of no meaning for a dataset without days.
  func byDay(_ batches: [ColumnBatch]) throws(TokyoDataError) -> [Day: ColumnBatch] {
    try inOurTerms { () throws(ColumnError) in
      let all = try ColumnBatch.joining(batches, schema: reading.partialSchema)
      guard let dayColumn else { return [Self.anyDay: try selecting(all)] }
      var rows: [Day: [Int]] = [:]
      for (row, day) in try Self.days(of: all.columns[dayColumn]).enumerated() {
        rows[day, default: []].append(row)
      }
      if rows.count == 1, let day = rows.keys.first { return [day: try selecting(all)] }
      var pieces: [Day: ColumnBatch] = [:]
      for (day, rows) in rows { pieces[day] = try selecting(all.gathering(rows)) }
      return pieces
    }
  }

  private func selecting(_ batch: ColumnBatch) throws(ColumnError) -> ColumnBatch {
    try ColumnBatch(
      schema: original.partialSchema, columns: columns.map { batch.columns[$0] }, rowCount: batch.rowCount)
  }

  private func inOurTerms<Result>(
    _ body: () throws(ColumnError) -> Result
  ) throws(TokyoDataError) -> Result {
    do { return try body() } catch {
      throw TokyoDataError(error, context: .init(dataset: original.dataset.name))
    }
  }

  /// Under which of the days of `byDay` a version's states are.
  func day(of version: PinnedVersion) -> Day { dayColumn == nil ? Self.anyDay : version.record.day }

  /// A version of which the query found nothing.
  var nothing: ColumnBatch { ColumnBatch(empty: original.partialSchema) }

  private static let anyDay = Day(daysSince1970: 0)

  private static func days(of column: ColumnVector) throws(ColumnError) -> [Day] {
    switch column.storage {
    case .int32(let days): return days.map(Day.init(daysSince1970:))
    case .int64(let instants): return instants.map { Timestamp(microsecondsSince1970: $0).day }
    default: throw ColumnError(.typeMismatch, "a \(column.type) column tells no days")
    }
  }

  private static func freshName(besides query: ResolvedQuery) -> String {
    var name = "piece_day"
    while query.resultSchema.index(of: name) != nil || query.dataset.schema.index(of: name) != nil {
      name += "_"
    }
    return name
  }
}

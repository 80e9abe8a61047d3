internal import TokyoDataCore

/// Answers `count` of whole days from the row counts in the ledger.
struct SummaryCount {
  private let query: ResolvedQuery

  /// Nil where row counts alone cannot answer the query: it filters, or asks for more than how many rows fall
  /// into calendar buckets, each of which holds whole days.
  init?(_ query: ResolvedQuery) {
    let question = query.query
    guard question.filter == nil, !question.aggregates.isEmpty,
      question.aggregates.allSatisfy({ $0.function == .countRows })
    else { return nil }
    for column in query.partialColumns {
      switch column {
      case .rowCount: continue
      case .key(.bucket(let bucket)):
        guard query.dataset.isDated, bucket.column ?? query.dataset.timeColumn == query.dataset.timeColumn
        else { return nil }
      default: return nil
      }
    }
    self.query = query
  }

  /// The day's rows all count, and the copy holds all of them.
  func answers(_ day: PlannedDay) -> Bool {
    let isWhole = day.role == .copy || (day.role == .copyBelowOverlay && !day.hasOverlay)
    return isWhole && query.query.timeRange.covers(day.day)
  }

  /// The partial answer of these days, one group a day; the merge adds them up.
  func batch(of days: [PlannedDay]) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) {
      var builder = ColumnBatchBuilder(query.partialSchema, capacity: days.count)
      for day in days {
        var row: [ColumnValue] = []
        for column in query.partialColumns {
          if case .key(.bucket(let bucket)) = column {
            row.append(.date(bucket.start(of: day.day)))
          } else {
            row.append(.int(Int64(day.version?.rowHash.rowCount ?? 0)))
          }
        }
        try builder.append(row: row)
      }
      return try builder.finish()
    } catch {
      throw TokyoDataError(error, context: .init(dataset: query.dataset.name))
    }
  }
}

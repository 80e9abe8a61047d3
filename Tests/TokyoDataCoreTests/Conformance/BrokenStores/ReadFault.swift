internal import TokyoDataCore

/// How a read goes wrong that hot and cold stores promise alike.
protocol ReadFault: Sendable {
  /// What is asked in place of the query.
  func query(_ query: ResolvedQuery) throws -> ResolvedQuery
  /// What is given in place of a batch.
  func batch(_ batch: ColumnBatch, of query: ResolvedQuery) throws -> ColumnBatch
  /// What is told in place of the statistics.
  func statistics(_ statistics: ReadStatistics) -> ReadStatistics
}

extension ReadFault {
  func query(_ query: ResolvedQuery) throws -> ResolvedQuery { query }
  func batch(_ batch: ColumnBatch, of query: ResolvedQuery) throws -> ColumnBatch { batch }
  func statistics(_ statistics: ReadStatistics) -> ReadStatistics { statistics }
}

/// Takes "neither true nor false" for true where a condition is negated.
struct UnknownIsTrue: ReadFault {
  func query(_ query: ResolvedQuery) throws -> ResolvedQuery {
    guard case .not(let filter) = query.query.filter else { return query }
    var wrong = query.query
    wrong.filter = .or([.not(filter)] + filter.columns.map { .isNull(.column($0)) })
    return try ResolvedQuery(wrong, for: query.dataset)
  }
}

/// Joins on the key somewhere, where null equals nothing.
struct NullGroupsLost: ReadFault {
  func batch(_ batch: ColumnBatch, of query: ResolvedQuery) throws -> ColumnBatch {
    guard case .key = query.partialColumns.first else { return batch }
    return try batch.gathering((0..<batch.rowCount).filter { !batch.columns[0][$0].isNull })
  }
}

/// Adds in 64 bits.
struct Sums64Bit: ReadFault {
  func batch(_ batch: ColumnBatch, of query: ResolvedQuery) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(batch.schema)
    for row in 0..<batch.rowCount {
      try builder.append(
        row: zip(query.partialColumns, batch.row(row)).map { column, value in
          guard case (.sum, .decimal(let sum)) = (column, value) else { return value }
          let low = Int128(Int64(truncatingIfNeeded: sum.unscaled))
          return .decimal(try Decimal128(unscaled: low, scale: sum.scale))
        })
    }
    return try builder.finish()
  }
}

/// Counts what was scanned and dropped.
struct Miscounted: ReadFault {
  func statistics(_ statistics: ReadStatistics) -> ReadStatistics {
    ReadStatistics(rows: statistics.rows + 1, bytes: statistics.bytes)
  }
}

internal import TokyoDataCore

/// One read-only view of the server, of datasets whose tables were locked before it was taken.
struct PostgresHotSnapshot: HotSnapshot {
  let transaction: PostgresTransaction
  let ledger: LedgerReading
  let asOf: Timestamp
  let sources: [DatasetName: Source]

  /// A dataset of the snapshot and its table.
  struct Source: Sendable {
    var entry: LedgerEntry
    var table: SourceTable

    var dataset: Dataset { entry.dataset }
  }

  func dataset(_ name: DatasetName) async throws -> Dataset { try source(name).dataset }

  func coverage(of dataset: DatasetName) async throws -> Coverage {
    try await translating("query", of: dataset) {
      try await ledger.coverage(of: source(dataset).entry, asOf)
    }
  }

  func overlayKeys(
    of dataset: DatasetName, days: [Day], limit: Int
  ) async throws -> [Day: ColumnBatch] {
    let source = try source(dataset)
    let names = source.dataset.primaryKey
    guard !days.isEmpty, !names.isEmpty else { return [:] }
    return try await translating("query", of: dataset) {
      let schema = try ColumnSchema([ColumnField("day", .date)]).adding(
        source.dataset.schema.selecting(names))
      let keys = try names.map { name throws(TokyoDataError) in try source.table.expression(name) }
      let rows = try await transaction.query(
        """
        SELECT \(source.table.dayExpression(of: source.dataset)), \(.joining(keys, separator: ", "))
        FROM \(source.table.name.sql)
        WHERE \(try source.table.within(TimeRange.joining(days), of: source.dataset)) LIMIT \(limit + 1)
        """, as: schema)
      guard rows.rowCount <= limit else {
        throw TokyoDataError(
          .unsupported, "hot holds more than \(limit) rows of days that are in the lake: merge them first")
      }
      return try rows.split(byDayIn: 0)
    }
  }

  func read(
    _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let source = try source(query.dataset.name)
    return try await translating("query", of: query.dataset.name) {
      let sql = try QuerySQL(query: query, table: source.table).statement(in: ranges)
      var statistics = ReadStatistics()
      try await transaction.withStream(sql, as: query.partialSchema) { batches in
        for try await batch in batches {
          statistics.rows += try query.rowsEntered(in: batch)
          try await consume(batch)
        }
      }
      return statistics
    }
  }

  private func source(_ name: DatasetName) throws(TokyoDataError) -> Source {
    guard let source = sources[name] else {
      throw TokyoDataError(
        .internal, "the snapshot was taken without this dataset", context: .init(dataset: name))
    }
    return source
  }
}

extension ResolvedQuery {
  /// The rows that stand behind a batch of partial results.
  fileprivate func rowsEntered(in batch: ColumnBatch) throws -> Int {
    guard let counts = partialColumns.firstIndex(of: .rowCount) else { return batch.rowCount }
    return try batch.columns[counts].withValues(as: Int64.self) { values, _ in
      var sum: Int64 = 0
      for index in values.indices { sum += values[index] }
      return Int(sum)
    }
  }
}

extension TimeRange {
  /// The days as ranges, those that follow each other as one.
  fileprivate static func joining(_ days: [Day]) -> [TimeRange] {
    var runs: [ClosedRange<Day>] = []
    for day in Set(days).sorted() {
      if let last = runs.last, last.upperBound.next == day {
        runs[runs.count - 1] = last.lowerBound...day
      } else {
        runs.append(day...day)
      }
    }
    return runs.map(TimeRange.init)
  }
}

extension ColumnSchema {
  fileprivate func adding(_ other: ColumnSchema) throws(ColumnError) -> ColumnSchema {
    // A key may itself be called as our first column; only places count here.
    try ColumnSchema(
      fields.map { ColumnField("\u{0}\($0.name)", $0.type) } + other.fields)
  }
}

extension ColumnBatch {
  /// The rows without the column of days, by day.
  fileprivate func split(byDayIn column: Int) throws(ColumnError) -> [Day: ColumnBatch] {
    var rows: [Day: [Int]] = [:]
    for row in 0..<rowCount {
      if case .date(let day) = columns[column][row] { rows[day, default: []].append(row) }
    }
    let rest = try selecting(schema.fields.map(\.name).filter { $0 != schema.fields[column].name })
    var result: [Day: ColumnBatch] = [:]
    for (day, indices) in rows { result[day] = try rest.gathering(indices) }
    return result
  }
}

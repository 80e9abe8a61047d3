internal import TokyoDataCore

/// One view of the server for export: a read-only transaction whose table is locked against changes.
struct PostgresExportSnapshot: ExportSnapshot {
  let transaction: PostgresTransaction
  let id: String
  let asOf: Timestamp
  let dataset: Dataset
  let table: SourceTable

  func coverage() async throws -> Coverage {
    try await translating("export", of: dataset.name) {
      try await LedgerReading(session: transaction).coverage(of: dataset.name)
    }
  }

  func marks() async throws -> [Mark] {
    try await translating("export", of: dataset.name) {
      try await LedgerReading(session: transaction).marks(of: dataset.name)
    }
  }

  func finishedDays() async throws -> [Day: Int] {
    guard dataset.isDated else { return [:] }
    return try await translating("export", of: dataset.name) {
      let day = table.dayExpression(of: dataset)
      let finished = try table.within([TimeRange(until: asOf.day.start)], of: dataset)
      let rows = try await transaction.query(
        """
        SELECT \(day) AS day, count(*) AS rows FROM \(table.name.sql)
        WHERE \(finished) AND isfinite(\(identifier: dataset.timeColumn ?? "")) GROUP BY 1
        """)
      var counts: [Day: Int] = [:]
      for row in 0..<rows.rowCount {
        if case .date(let day) = rows.columns[0][row] { counts[day] = Int(rows.columns[1].integer(row)) }
      }
      return counts
    }
  }

  func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
    let within = try table.within([TimeRange(day...day)], of: dataset)
    try await copy(where: within, day, consume)
  }

  func readAll(_ consume: (ColumnBatch) async throws -> Void) async throws {
    try await copy(where: "true", nil, consume)
  }

  private func copy(
    where condition: PostgresStatement, _ day: Day?, _ consume: (ColumnBatch) async throws -> Void
  ) async throws {
    do {
      try await translating("export", of: dataset.name) {
        try await transaction.withCopyOut(
          "SELECT \(table.selectList) FROM \(table.name.sql) WHERE \(condition)\(try order())",
          as: dataset.schema, from: table.sources
        ) { batches in for try await batch in batches { try await consume(batch) } }
      }
    } catch let error as TokyoDataError { throw error.adding(.init(day: day)) }
  }

  /// Texts by code point, nulls last: the order in which files are sorted everywhere.
  private func order() throws(TokyoDataError) -> PostgresStatement {
    var terms: [PostgresStatement] = []
    for name in dataset.rowOrder {
      let isText = dataset.schema.index(of: name).map { dataset.schema.fields[$0].type == .string } ?? false
      terms.append("\(try table.expression(name))\(unescaped: isText ? " COLLATE \"C\"" : "") NULLS LAST")
    }
    return terms.isEmpty ? "" : " ORDER BY \(.joining(terms, separator: ", "))"
  }
}

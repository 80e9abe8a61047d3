internal import TokyoDataCore

/// Reads a result in pages that Athena hands out itself.
struct PageReader: Sendable {
  let athena: AthenaClient
  let calls: PatientCalls
  let query: AthenaQuery

  /// Whether the rows begin with the columns' names.
  ///
  /// Those of a query do, and those of what defines or shows do not. What writes rows, such as `INSERT`, has a
  /// result with nothing in it.
  private func hasHeader(_ first: AthenaResultPage) -> Bool {
    guard query.statementType == nil || query.statementType == "DML" else { return false }
    let selects = query.substatementType.map { ["SELECT", "EXECUTE"].contains($0) } ?? true
    return selects || !first.rows.isEmpty
  }

  /// The first page: up to 1,000 rows, header included.
  func first(upTo rows: Int = AthenaLimit.pageRows.most) async throws -> AthenaResultPage {
    try await page(after: nil, upTo: rows)
  }

  /// Hands on the rows of a first page and of those behind it.
  ///
  /// - Throws: `TokyoDataError.invalidData`, naming row and column, for what is no value of its column.
  func read(
    _ first: AthenaResultPage, _ columns: ResultColumns, _ consume: (ColumnBatch) async throws -> Void
  ) async throws {
    var builder = ColumnBatchBuilder(columns.schema)
    var tokens: Set<String> = []
    var page = first
    var row = 0
    var isFirst = true
    while true {
      var cells = page.rows[...]
      if isFirst, hasHeader(first) {
        guard cells.popFirst() == columns.columns.map(\.name) else {
          throw TokyoDataError(
            .invalidData, "the result does not begin with the names of its columns",
            context: ResultColumns.context)
        }
      }
      isFirst = false
      for cells in cells {
        row += 1
        try append(cells, row, columns, to: &builder)
      }
      if builder.rowCount >= CSVReader.batchRows || builder.byteCount >= CSVReader.batchBytes {
        try await consume(try take(&builder))
      }
      guard let token = page.nextToken, !token.isEmpty else { break }
      guard tokens.insert(token).inserted else {
        throw TokyoDataError(
          .invalidData, "the pages of the result do not come to an end", context: ResultColumns.context)
      }
      page = try await self.page(after: token)
    }
    if builder.rowCount > 0 { try await consume(try take(&builder)) }
  }

  private func append(
    _ cells: [String?], _ row: Int, _ columns: ResultColumns, to builder: inout ColumnBatchBuilder
  ) throws(TokyoDataError) {
    guard cells.count == columns.columns.count else {
      throw invalid(row, "has \(cells.count) columns where there are \(columns.columns.count)")
    }
    for (index, column) in columns.columns.enumerated() {
      guard var cell = cells[index] else {
        guard column.field.isNullable else {
          throw invalid(row, "is null in a column that is not nullable", column.field.name)
        }
        builder[index].appendNull()
        continue
      }
      do throws(ColumnError) {
        try cell.withUTF8Text { (text) throws(ColumnError) in
          try column.append(CellText(bytes: text), to: &builder[index])
        }
      } catch {
        throw invalid(row, "cannot be read: \(error.message)", column.field.name)
      }
    }
  }

  private func invalid(_ row: Int, _ what: String, _ column: String? = nil) -> TokyoDataError {
    TokyoDataError(
      .invalidData, "row \(row) of the result \(what)",
      context: .init(store: "athena", operation: "query", column: column))
  }

  private func take(_ builder: inout ColumnBatchBuilder) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) { return try builder.finish() } catch {
      throw TokyoDataError(error, context: ResultColumns.context)
    }
  }

  private func page(
    after token: String?, upTo rows: Int = AthenaLimit.pageRows.most
  ) async throws -> AthenaResultPage {
    do {
      return try await calls.make {
        try await athena.results(of: query.queryExecutionId, after: token, upTo: rows)
      }
    } catch let error as AWSServiceError where error.message?.contains("Could not find results") == true {
      throw TokyoDataError(
        .notFound, "the query's result is no longer there", context: ResultColumns.context, cause: error)
    } catch {
      throw TokyoDataError.of(error, .init(store: "athena"))
    }
  }
}

extension String {
  /// Lends the text's bytes; with errors of one type, unlike `withUTF8`.
  fileprivate mutating func withUTF8Text(
    _ body: (UnsafeBufferPointer<UInt8>) throws(ColumnError) -> Void
  ) throws(ColumnError) {
    let result = withUTF8 { bytes -> Result<Void, ColumnError> in
      do throws(ColumnError) { return .success(try body(bytes)) } catch { return .failure(error) }
    }
    try result.get()
  }
}

internal import TokyoDataCore

/// Reads the result of a query that has succeeded, in the way that suits it.
struct ResultReader: Sendable {
  let query: AthenaQuery
  let pages: PageReader
  let objects: ResultObjects

  struct Outcome: Sendable {
    var schema: ColumnSchema
    var way: AthenaResultWay
    var rows = 0
  }

  /// From so many scanned bytes on, a result is thought to be longer than a page.
  private static let large = 32 << 20

  /// Hands on the rows as batches.
  ///
  /// - Throws: `NestedColumns` where the columns do not come as text; nothing was handed on then.
  func read(
    as expected: ColumnSchema?, by way: AthenaResultWay?, _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> Outcome {
    let file = try fileLocation(isDue: way == .csv)
    // The names and types come with a page in any case; of a short result the first page is all.
    let isFile =
      way == .csv || (way == nil && file != nil && (query.statistics?.dataScannedInBytes ?? 0) > Self.large)
    let first = try await pages.first(upTo: isFile ? 1 : AthenaLimit.pageRows.most)
    if first.columns.contains(where: { AthenaType($0) == .nested }) {
      throw NestedColumns(error: Self.nestedError(first, expected))
    }
    let columns = try ResultColumns(first.columns, expected: expected)
    let isShort = first.nextToken?.isEmpty ?? true
    var outcome = Outcome(schema: columns.schema, way: .pages)
    // A result of one row, the header, has no rows: its file says nothing more.
    if let file, way == .csv || (way == nil && !isShort) {
      outcome.way = .csv
      try await ResultFileReader(objects: objects, location: file).read(columns) { batch in
        outcome.rows += batch.rowCount
        try await consume(batch)
      }
    } else {
      try await pages.read(first, columns) { batch in
        outcome.rows += batch.rowCount
        try await consume(batch)
      }
    }
    return outcome
  }

  /// Where the result file lies; nil where there is none of values.
  private func fileLocation(isDue: Bool) throws(TokyoDataError) -> S3Location? {
    guard query.managedQueryResultsConfiguration?.enabled != true,
      let text = query.resultConfiguration?.outputLocation, text.hasSuffix(".csv")
    else {
      guard !isDue else {
        throw TokyoDataError(
          .unsupported, "the result of this query has no file in S3", context: ResultColumns.context)
      }
      return nil
    }
    return try S3Location(text)
  }

  private static func nestedError(_ page: AthenaResultPage, _ expected: ColumnSchema?) -> TokyoDataError {
    do throws(TokyoDataError) { _ = try ResultColumns(page.columns, expected: expected) } catch {
      return error
    }
    return TokyoDataError(.unsupported, "the columns are nested", context: ResultColumns.context)
  }
}

/// The columns of a result are arrays, maps or rows, which come by `UNLOAD` only.
struct NestedColumns: Error {
  let error: TokyoDataError
}

internal import TokyoDataCore

/// Reads a query's result file from S3 while it comes in.
struct ResultFileReader: Sendable {
  let objects: ResultObjects
  let location: S3Location

  /// Hands on the rows; the transfer waits while `consume` runs.
  ///
  /// - Throws: `TokyoDataError.notFound` where the file is not there, `.invalidData` where it is not whole or no
  ///   result of these columns.
  func read(_ columns: ResultColumns, _ consume: (ColumnBatch) async throws -> Void) async throws {
    var reader = CSVReader(columns)
    var isConsuming = false
    do {
      try await objects.store(location.bucket).read(location.objectKey) { piece in
        for batch in try reader.add(piece) {
          isConsuming = true
          try await consume(batch)
          isConsuming = false
        }
      }
    } catch let error as TokyoDataError where error.code == .notFound && !isConsuming {
      throw TokyoDataError(
        .notFound, "the query's result is no longer there", context: ResultColumns.context, cause: error)
    }
    for batch in try reader.finish() { try await consume(batch) }
  }
}

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
    let store = try objects.store(location.bucket)
    let key = try location.objectKey
    var reader = CSVReader(columns)
    var (isConsuming, count) = (false, 0)
    do {
      // Athena's objects need not have a checksum, and a file that ends behind a line looks whole.
      async let size = store.size(of: key)
      try await store.read(key) { piece in
        count += piece.count
        for batch in try reader.add(piece) {
          isConsuming = true
          try await consume(batch)
          isConsuming = false
        }
      }
      guard try await size == count else {
        throw TokyoDataError(
          .invalidData, "the result file is longer than what came of it", context: ResultColumns.context)
      }
    } catch let error as TokyoDataError where error.code == .notFound && !isConsuming {
      throw TokyoDataError(
        .notFound, "the query's result is no longer there", context: ResultColumns.context, cause: error)
    }
    for batch in try reader.finish() { try await consume(batch) }
  }
}

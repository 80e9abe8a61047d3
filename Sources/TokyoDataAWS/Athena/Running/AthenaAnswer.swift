internal import TokyoDataCore

/// What there is to know of an answer beside its rows.
struct AthenaAnswer: Sendable {
  /// The columns, also of an answer without rows.
  var schema: ColumnSchema
  var receipt: AthenaReceipt

  /// The batches of the answer as one.
  ///
  /// - Throws: `TokyoDataError.valueOutOfRange` where the texts of a column pass 2 GiB.
  func joining(_ batches: [ColumnBatch]) throws(TokyoDataError) -> ColumnBatch {
    guard !batches.isEmpty else { return ColumnBatch(empty: schema) }
    do throws(ColumnError) { return try ColumnBatch.joining(batches, schema: schema) } catch {
      throw TokyoDataError(error, context: ResultColumns.context)
    }
  }
}

extension ColumnBatch {
  /// The rows at these positions.
  func rows(_ positions: [Int]) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) { return try gathering(positions) } catch { throw TokyoDataError(error) }
  }

  /// The rows of all batches in order.
  static func joined(_ batches: [ColumnBatch], schema: ColumnSchema) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) { return try joining(batches, schema: schema) } catch {
      throw TokyoDataError(error)
    }
  }
}

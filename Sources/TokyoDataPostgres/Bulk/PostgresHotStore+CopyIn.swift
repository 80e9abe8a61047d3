public import TokyoDataCore

/// Writing in bulk.
extension PostgresHotStore {
  /// Adds the rows of batches to a dataset as they come, in one transaction: by binary COPY once a batch has
  /// ``PostgresHotTransaction/rowsForCopy`` rows.
  ///
  /// A batch is asked for when the socket has taken the one before, so memory stays bounded. An error of the
  /// sequence, or the cancellation of the task, leaves nothing written.
  ///
  /// - Returns: how many rows were added.
  /// - Throws: what the sequence throws; `TokyoDataError.conflict` where a key is taken, `.valueOutOfRange`
  ///   naming the column where a value does not fit; `CancellationError`.
  @discardableResult
  public func copyIn<Batches: AsyncSequence>(
    _ batches: Batches, into dataset: DatasetName
  ) async throws -> Int where Batches.Element == ColumnBatch {
    var iterator = batches.makeAsyncIterator()
    return try await withTransaction(level: .readCommitted, retries: .none) { transaction in
      try await transaction.insert(into: dataset) { try await iterator.next(isolation: #isolation) }
    }
  }
}

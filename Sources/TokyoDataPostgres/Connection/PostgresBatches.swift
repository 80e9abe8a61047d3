public import TokyoDataCore

/// The rows of a running statement as batches, each fetched when it is asked for; to be read once.
public struct PostgresBatches: AsyncSequence, Sendable {
  let connection: PostgresConnection
  let hold: PostgresHold
  /// The batches' columns.
  public let schema: ColumnSchema
  /// Where a task reads ahead, it leaves them here.
  var buffer: BatchBuffer?

  /// Fetches batches.
  public struct Iterator: AsyncIteratorProtocol {
    let connection: PostgresConnection
    let hold: PostgresHold
    let buffer: BatchBuffer?

    /// The next batch, never an empty one, or nil at the end.
    ///
    /// - Throws: `PostgresError`, `CancellationError`; the statement is then over.
    public mutating func next() async throws -> ColumnBatch? {
      if let buffer { return try await buffer.next() }
      return try await connection.nextBatch(hold)
    }
  }

  /// Starts to read.
  public func makeAsyncIterator() -> Iterator {
    Iterator(connection: connection, hold: hold, buffer: buffer)
  }

  /// The same rows, which a task reads ahead into a buffer.
  func reading(from buffer: BatchBuffer) -> PostgresBatches {
    var copy = self
    copy.buffer = buffer
    return copy
  }

  /// Ends the statement and gives the connection back.
  @discardableResult
  func close() async -> Int { await connection.closeCursor(hold) }
}

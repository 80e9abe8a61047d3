/// Evaluates a query's part of one tier: filters rows, then collects them or the states of their groups.
///
/// The one evaluator: the in-memory stores and the lake reader feed it batches of the dataset's columns.
public struct PartialEvaluator: Sendable {
  /// The query.
  public let query: ResolvedQuery
  /// Rows that entered the answer so far.
  public private(set) var rowCount = 0

  /// Makes an evaluator that has seen no rows.
  public init(_ query: ResolvedQuery) {
    self.query = query
  }

  /// Adds the rows of a batch that lie in the query's time range and in `ranges`, whose keys are not
  /// excluded, and for which the filter is true.
  ///
  /// The batch holds the query's `columnsRead`, and the key columns where keys are excluded; an absent
  /// column reads as null.
  public mutating func add(
    _ batch: ColumnBatch, in ranges: [TimeRange]? = nil, excluding keys: KeySet? = nil
  ) throws(TokyoDataError) {
    throw TokyoDataError(.unsupported, "arrives with the evaluator")
  }

  /// Takes what is ready: batches of the query's `partialSchema`. A query for groups gives all of them at
  /// the end only; a query for rows gives what it collected so far, at most `limit` rows where it is sorted.
  public mutating func takeBatches(atEnd: Bool) throws(TokyoDataError) -> [ColumnBatch] {
    throw TokyoDataError(.unsupported, "arrives with the evaluator")
  }
}

/// A set of primary keys, for rows that do not count.
public struct KeySet: Sendable {
  /// The key columns, in the dataset's order of its key.
  public let keys: ColumnBatch

  /// Makes the set of the rows of a batch of key columns.
  public init(_ keys: ColumnBatch) {
    self.keys = keys
  }
}

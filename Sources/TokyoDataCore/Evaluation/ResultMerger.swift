/// Merges what the tiers gave and finishes the answer: merge, finalize, having, order, limit.
public struct ResultMerger: Sendable {
  /// The query.
  public let query: ResolvedQuery

  /// Makes a merger that has seen nothing.
  public init(_ query: ResolvedQuery) {
    self.query = query
  }

  /// Adds a batch of the query's `partialSchema`.
  public mutating func add(_ partial: ColumnBatch) throws(TokyoDataError) {
    throw TokyoDataError(.unsupported, "arrives with the evaluator")
  }

  /// The answer, of the query's `resultSchema`.
  public consuming func finish() throws(TokyoDataError) -> ColumnBatch {
    throw TokyoDataError(.unsupported, "arrives with the evaluator")
  }
}

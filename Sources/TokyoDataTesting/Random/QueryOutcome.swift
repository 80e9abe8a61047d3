/// An answer, or the error that came instead; what stores are compared by.
package struct QueryOutcome: Sendable, CustomStringConvertible {
  package let batch: ColumnBatch?
  package let error: (any Error)?

  package init(_ body: () async throws -> ColumnBatch) async {
    do {
      batch = try await body()
      error = nil
    } catch {
      batch = nil
      self.error = error
    }
  }

  package var rows: [[ColumnValue]] {
    batch.map { batch in (0..<batch.rowCount).map { batch.row($0) } } ?? []
  }

  package var description: String {
    error.map { String(reflecting: $0) } ?? "\(rows.count) rows: \(rows.prefix(5))"
  }

  /// Both are the same answer to the query, or fail for the same reason.
  ///
  /// Rows whose order the query leaves free may come in any; of rows that it limits without an order only the
  /// number counts.
  package func agrees(with other: QueryOutcome, on query: Query) -> Bool {
    if let error = error as? TokyoDataError, let theirs = other.error as? TokyoDataError {
      return error.code == theirs.code
    }
    guard let batch, let theirs = other.batch, batch.schema == theirs.schema else { return false }
    if query.limit != nil, query.orderings.isEmpty, !query.isGrouped {
      return batch.rowCount == theirs.rowCount
    }
    let (mine, expected) = (rows.map(Self.exactly), other.rows.map(Self.exactly))
    return query.orderings.isEmpty ? mine.sorted() == expected.sorted() : mine == expected
  }

  /// Texts that differ wherever two values do, the sign of a zero included, and not between NaNs.
  private static func exactly(_ row: [ColumnValue]) -> String {
    row.map { value in
      if case .string(let text) = value { return "\(Array(text.utf8))" }
      return value.text ?? "null"
    }.joined(separator: " | ")
  }
}

public import TokyoDataCore

/// The rows of a statement in one batch, and what they took.
public struct AthenaRows: Sendable {
  /// The rows; an answer without rows has its columns all the same.
  public var batch: ColumnBatch
  /// What the answer took, and how it came.
  public var receipt: AthenaReceipt
}

extension AthenaColdStore {
  /// Runs SQL of your own and hands on its rows as they come.
  ///
  /// Each dataset in the statement becomes the versions that the hot store's ledger names when it begins, of the
  /// days that the statement asks for: every day reads as of its own export. Days that only hot holds are not in
  /// the lake, and so not in the answer.
  ///
  /// The statement sees exactly those versions, whatever is exported meanwhile. Before the last batch the ledger is
  /// asked whether all of them still stand.
  ///
  /// ```swift
  /// let receipt = try await cold.read(
  ///   "SELECT region, sum(amount) AS total FROM \(dataset: orders.name) GROUP BY region", pinnedBy: hot
  /// ) { batch in … }
  /// ```
  ///
  /// - Parameters:
  ///   - statement: The SQL.
  ///   - hot: The store whose ledger names the versions; it is asked only where the statement reads a dataset.
  ///   - schema: The columns of the answer; nil to take what Athena says they are.
  ///   - token: By which Athena knows a second start of the same statement, 32 to 128 characters: what a program
  ///     keeps to ask again after it was killed, without paying twice. Nil for a new one.
  ///   - consume: Takes the batches; the result is read no faster than it does.
  /// - Returns: What the answer took.
  /// - Throws: `TokyoDataError.daysUnavailable` naming a day whose rows are in doubt or gone, `.conflict` where a
  ///   version was collected while it was read, and what `read(_:from:_:)` throws; `CancellationError`, and the
  ///   query is stopped.
  public func read(
    _ statement: SQLStatement, pinnedBy hot: any HotStore, as schema: ColumnSchema? = nil,
    token: String? = nil, _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> AthenaReceipt {
    let (pins, request) = try await pinned(statement, by: hot, as: schema, token: token)
    var last: ColumnBatch?
    let answer = try await engine.run(request) { batch in
      if let before = last.take() { try await consume(before) }
      last = batch
    }
    try await pins.requireStanding(in: hot)
    if let last { try await consume(last) }
    return answer.receipt
  }

  /// Runs SQL of your own and gives its rows in one batch.
  ///
  /// - Throws: as `read(_:pinnedBy:as:token:_:)`.
  public func fetch(
    _ statement: SQLStatement, pinnedBy hot: any HotStore, as schema: ColumnSchema? = nil,
    token: String? = nil
  ) async throws -> AthenaRows {
    let (pins, request) = try await pinned(statement, by: hot, as: schema, token: token)
    let (rows, answer) = try await engine.collect(request)
    try await pins.requireStanding(in: hot)
    return AthenaRows(batch: rows, receipt: answer.receipt)
  }

  /// Gives the rows of a query that was started before, perhaps by a process that is gone; it is waited for.
  ///
  /// - Parameters:
  ///   - id: The query's id, as a receipt or Athena's console shows it.
  ///   - schema: The columns of the answer; nil to take what Athena says they are.
  /// - Throws: `TokyoDataError.notFound` for a query that Athena does not know, `.timeout`; `CancellationError`,
  ///   and the query is stopped.
  public func resume(_ id: String, as schema: ColumnSchema? = nil) async throws -> AthenaRows {
    var batches: [ColumnBatch] = []
    let answer = try await engine.resume(
      id, schema: schema, within: .init(queue: options.queueDeadline, run: options.runDeadline),
      budget: options.budget, expectedBucketOwner: options.expectedBucketOwner
    ) { batches.append($0) }
    return AthenaRows(batch: try answer.joining(batches), receipt: answer.receipt)
  }

  /// What a statement reads, and the request to run it.
  private func pinned(
    _ statement: SQLStatement, by hot: any HotStore, as schema: ColumnSchema?, token: String?
  ) async throws -> (PinnedSources, AthenaRequest) {
    let pins = try await PinnedSources(of: statement.sources, in: hot)
    for source in pins.sources { try await presence.require(source.records, of: source.dataset) }
    let rendered = try statement.rendered { (source) throws(TokyoDataError) in
      try pins.subselect(source, in: database, catalog: options.catalog)
    }
    var request = request(rendered, reading: pins.encodedBytes)
    request.schema = schema
    request.token = token
    return (pins, request)
  }
}

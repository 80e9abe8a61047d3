extension HotTransaction {
  /// Adds as many rows as there are, some thousands at a time: PostgreSQL takes those by binary COPY.
  ///
  /// - Returns: how many rows were added.
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  @discardableResult
  public func insertMany<Row: DatasetRow>(
    _ rows: some Sequence<Row>, into table: Table<Row>
  ) async throws -> Int {
    var rows = rows.makeIterator()
    // A server that takes rows as they come has work for about as long as it takes to make a batch of these.
    return try await insert(into: table.dataset.name) { try table.batch(of: &rows, atMost: 2_048) }
  }

  /// Adds the rows of batches as they come, one batch after the other.
  public func insert(
    into dataset: DatasetName, _ next: () async throws -> ColumnBatch?
  ) async throws -> Int {
    var count = 0
    while let rows = try await next() {
      try await insert(rows, into: dataset)
      count += rows.rowCount
    }
    return count
  }

  /// Adds as many rows as there are, or replaces those of the same primary key.
  ///
  /// - Returns: how many rows were added or replaced.
  @discardableResult
  public func upsertMany<Row: DatasetRow>(
    _ rows: some Sequence<Row>, into table: Table<Row>
  ) async throws -> Int {
    try await inBatches(rows, of: table) { try await upsert($0, into: table.dataset.name) }
  }

  private func inBatches<Row: DatasetRow>(
    _ rows: some Sequence<Row>, of table: Table<Row>, _ write: (ColumnBatch) async throws -> Void
  ) async throws -> Int {
    var count = 0
    var rows = rows.makeIterator()
    while let batch = try table.batch(of: &rows, atMost: 8_192) {
      try await write(batch)
      count += batch.rowCount
    }
    return count
  }
}

extension Table {
  /// The next rows as a batch, nil where there are none any more.
  fileprivate func batch(
    of rows: inout some IteratorProtocol<Row>, atMost limit: Int
  ) throws -> ColumnBatch? {
    var batch: [Row] = []
    while batch.count < limit, let row = rows.next() { batch.append(row) }
    return batch.isEmpty ? nil : try self.batch(of: batch)
  }
}

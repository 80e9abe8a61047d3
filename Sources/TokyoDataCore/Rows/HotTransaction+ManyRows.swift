extension HotTransaction {
  /// Adds as many rows as there are, some thousands at a time: PostgreSQL takes those by binary COPY.
  ///
  /// - Returns: how many rows were added.
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  @discardableResult
  public func insertMany<Row: DatasetRow>(
    _ rows: some Sequence<Row>, into table: Table<Row>
  ) async throws -> Int {
    try await inBatches(rows, of: table) { try await insert($0, into: table.dataset.name) }
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
    var batch: [Row] = []
    for row in rows {
      batch.append(row)
      guard batch.count == 8_192 else { continue }
      try await write(table.batch(of: batch))
      count += batch.count
      batch.removeAll(keepingCapacity: true)
    }
    if !batch.isEmpty { try await write(table.batch(of: batch)) }
    return count + batch.count
  }
}

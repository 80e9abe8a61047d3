/// Writes that are a transaction of their own.
extension HotStore {
  /// Adds rows in one transaction.
  ///
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  public func insert<Row: DatasetRow>(_ rows: Row..., into table: Table<Row>) async throws {
    let batch = try table.batch(of: rows)
    try await withTransaction { (transaction: any HotTransaction) in
      try await transaction.insert(batch, into: table.dataset.name)
    }
  }

  /// Adds as many rows as there are, in one transaction.
  ///
  /// - Returns: how many rows were added.
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  @discardableResult
  public func insertMany<Row: DatasetRow>(
    _ rows: some Sequence<Row>, into table: Table<Row>
  ) async throws -> Int {
    try await withTransaction { (transaction: any HotTransaction) in
      try await transaction.insertMany(rows, into: table)
    }
  }

  /// Adds rows in one transaction, or replaces those of the same primary key.
  public func upsert<Row: DatasetRow>(_ rows: Row..., into table: Table<Row>) async throws {
    let batch = try table.batch(of: rows)
    try await withTransaction { (transaction: any HotTransaction) in
      try await transaction.upsert(batch, into: table.dataset.name)
    }
  }

  /// Replaces the rows with the primary keys of these rows, whose time tells their day, in one transaction.
  ///
  /// - Returns: how many rows were replaced.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold.
  @discardableResult
  public func update<Row: DatasetRow>(_ rows: Row..., in table: Table<Row>) async throws -> Int {
    let batch = try table.batch(of: rows)
    return try await withTransaction { (transaction: any HotTransaction) in
      try await transaction.update(batch, in: table.dataset.name)
    }
  }

  /// Deletes the rows with the primary keys of these rows, whose time tells their day, in one transaction.
  ///
  /// - Returns: how many rows were deleted.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold.
  @discardableResult
  public func delete<Row: DatasetRow>(_ rows: Row..., from table: Table<Row>) async throws -> Int {
    let batch = try table.batch(of: rows)
    return try await withTransaction { (transaction: any HotTransaction) in
      try await transaction.delete(batch, from: table.dataset.name)
    }
  }
}

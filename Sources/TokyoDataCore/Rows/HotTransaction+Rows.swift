extension HotTransaction {
  /// Adds rows.
  ///
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  public func insert<Row: DatasetRow>(_ rows: Row..., into table: Table<Row>) async throws {
    try await insert(table.batch(of: rows), into: table.dataset.name)
  }

  /// Adds rows, or replaces those of the same primary key.
  public func upsert<Row: DatasetRow>(_ rows: Row..., into table: Table<Row>) async throws {
    try await upsert(table.batch(of: rows), into: table.dataset.name)
  }

  /// Replaces the rows with the primary keys of these rows, whose time tells their day.
  ///
  /// - Returns: how many rows were replaced; the others are not there, and none is added.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold;
  ///   `.invalidArgument` where two of the rows have one key.
  @discardableResult
  public func update<Row: DatasetRow>(_ rows: Row..., in table: Table<Row>) async throws -> Int {
    try await update(table.batch(of: rows), in: table.dataset.name)
  }

  /// Deletes the rows with the primary keys of these rows, whose time tells their day.
  ///
  /// - Returns: how many rows were deleted.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold.
  @discardableResult
  public func delete<Row: DatasetRow>(_ rows: Row..., from table: Table<Row>) async throws -> Int {
    try await delete(table.batch(of: rows), from: table.dataset.name)
  }
}

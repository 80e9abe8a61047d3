public import TokyoDataCore

/// Writes of one transaction, typed by dataset or as SQL.
public struct PostgresHotTransaction: HotTransaction {
  let session: PostgresTransaction

  /// Runs one statement and returns its rows.
  public func query(_ statement: PostgresStatement, as expected: ColumnSchema? = nil) async throws
    -> ColumnBatch
  {
    try await translating("query") { try await session.query(statement, as: expected) }
  }

  /// Runs one statement and returns the number of rows that it changed.
  @discardableResult
  public func execute(_ statement: PostgresStatement) async throws -> Int {
    try await translating("execute") { try await session.execute(statement) }
  }

  /// Adds rows; a taken key is a `conflict`.
  public func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await translating("insert", of: dataset) {
      let (_, table) = try await source(dataset)
      try await write(rows, into: table, conflict: "")
    }
  }

  /// Adds rows, or replaces those of the same primary key.
  public func upsert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await translating("upsert", of: dataset) {
      let (definition, table) = try await source(dataset)
      guard !definition.primaryKey.isEmpty else {
        throw TokyoDataError(.unsupported, "a dataset without primary key has nothing to replace by")
      }
      let key = definition.primaryKey.map { column -> PostgresStatement in "\(identifier: column)" }
      let changes = rows.schema.fields.map(\.name).filter { !definition.primaryKey.contains($0) }
        .map { column -> PostgresStatement in "\(identifier: column) = excluded.\(identifier: column)" }
      let action: PostgresStatement =
        changes.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(.joining(changes, separator: ", "))"
      try await write(
        rows, into: table, conflict: " ON CONFLICT (\(.joining(key, separator: ", "))) \(action)")
    }
  }

  /// Deletes the rows with the primary keys of these rows; what is only in the lake is an error.
  public func delete(_ rows: ColumnBatch, from dataset: DatasetName) async throws -> Int {
    try await translating("delete", of: dataset) {
      let (definition, table) = try await source(dataset)
      guard !definition.primaryKey.isEmpty else {
        throw TokyoDataError(.unsupported, "a dataset without primary key has nothing to delete by")
      }
      let keys = try rows.selecting(definition.primaryKey)
      var deleted = 0
      for row in 0..<rows.rowCount {
        var conditions = zip(keys.schema.fields, keys.row(row)).map { field, value -> PostgresStatement in
          "\(identifier: field.name) = \(table.typed(value, field.name))"
        }
        // A key may come back on another day; the row that is meant is the one of its own.
        let day = try definition.timeColumn.flatMap { definition.day(of: try rows.column($0)[row]) }
        if let day { conditions.append(try table.within([TimeRange(day...day)], of: definition)) }
        let count = try await session.execute(
          "DELETE FROM \(table.name.sql) WHERE \(.joining(conditions, separator: " AND "))")
        if count == 0, let day { try await requireNotCold(day, definition) }
        deleted += count
      }
      return deleted
    }
  }

  private func source(_ name: DatasetName) async throws -> (Dataset, SourceTable) {
    let (dataset, table) = try await LedgerReading(session: session).dataset(name)
    return (dataset, try await TableDescription(table, in: session).source(of: dataset))
  }

  /// A server takes at most 65,535 parameters a statement.
  private func write(_ rows: ColumnBatch, into table: SourceTable, conflict: PostgresStatement) async throws {
    let names = rows.schema.fields.map { field -> PostgresStatement in "\(identifier: field.name)" }
    let rowsPerStatement = max(1, min(1_000, 60_000 / max(1, names.count)))
    for start in stride(from: 0, to: rows.rowCount, by: rowsPerStatement) {
      let tuples = (start..<min(start + rowsPerStatement, rows.rowCount)).map { row -> PostgresStatement in
        let values = zip(rows.schema.fields, rows.row(row)).map { table.typed($1, $0.name) }
        return "(\(.joining(values, separator: ", ")))"
      }
      try await session.execute(
        """
        INSERT INTO \(table.name.sql) (\(.joining(names, separator: ", ")))
        VALUES \(.joining(tuples, separator: ", "))\(conflict)
        """)
    }
  }

  /// Plain SQL would change zero rows and say nothing.
  private func requireNotCold(_ day: Day, _ dataset: Dataset) async throws {
    let cold = try await session.query(
      """
      SELECT day FROM tokyo_data.coverage
      WHERE dataset = \("\(dataset.name)") AND day = \(day) AND state = 'cold'
      """)
    guard cold.rowCount == 0 else {
      throw TokyoDataError(
        .daysUnavailable,
        "the row is only in the lake: rehydrate its day, or amend it through the ETL",
        context: .init(day: day))
    }
  }
}

extension SourceTable {
  /// A value in the column's own type, which a multi-row VALUES would otherwise not settle.
  ///
  /// Without the type's modifier: the cast must not cut or round what the column itself would refuse.
  fileprivate func typed(_ value: ColumnValue, _ column: String) -> PostgresStatement {
    guard let type = columns.first(where: { $0.field.name == column })?.plainTypeName else {
      return "\(value)"
    }
    return "(\(value))::\(unescaped: type)"
  }
}

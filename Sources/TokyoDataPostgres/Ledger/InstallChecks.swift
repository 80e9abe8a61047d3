internal import TokyoDataCore

/// What must be so of a table before it can be a dataset.
struct InstallChecks {
  let dataset: Dataset
  let table: TableDescription

  func run(in transaction: PostgresTransaction) async throws {
    _ = try table.source(of: dataset)
    try requireTime()
    try await requireOneTable(in: transaction)
    try await requireUniqueKey(in: transaction)
  }

  private func requireTime() throws(TokyoDataError) {
    guard let column = table.columns.first(where: { $0.name == dataset.timeColumn }) else { return }
    guard !column.isNullable else {
      throw TokyoDataError(
        .invalidArgument, "the time column may not be nullable: a row without time has no day",
        context: .init(column: column.name))
    }
  }

  /// Triggers and retirement work on partitions, not on tables that inherit otherwise.
  private func requireOneTable(in transaction: PostgresTransaction) async throws {
    let heirs = try await transaction.query(
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits h
        JOIN pg_catalog.pg_class c ON c.oid = h.inhparent
        WHERE h.inhparent = \(Int64(table.oid))::oid AND c.relkind = 'r') AS found
      """)
    guard heirs.columns[0][0] == .bool(false) else {
      throw TokyoDataError(.unsupported, "other tables inherit from the table without being its partitions")
    }
  }

  /// A hot row replaces the cold one of its key, so a key that several rows share would lose rows.
  private func requireUniqueKey(in transaction: PostgresTransaction) async throws {
    guard !dataset.primaryKey.isEmpty else { return }
    let unique = try await transaction.query(
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_index i
        WHERE i.indrelid = \(Int64(table.oid))::oid AND i.indisunique AND i.indisvalid
          AND i.indpred IS NULL AND i.indexprs IS NULL
          AND NOT EXISTS (
            SELECT FROM unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) AS k(attnum)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE a.attname <> ALL(\(dataset.primaryKey)))) AS found
      """)
    guard unique.columns[0][0] == .bool(true) else {
      throw TokyoDataError(
        .invalidArgument,
        "the key is not unique in the table: give it a unique index, or install without key",
        context: .init(column: dataset.primaryKey.first))
    }
  }
}

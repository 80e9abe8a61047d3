internal import TokyoDataCore

/// What makes removing rows lose or change more than those rows; found before anything is removed.
struct RetireObstacles {
  let table: SourceTable
  let dataset: Dataset

  func check(in transaction: PostgresTransaction) async throws {
    try requireNothingLost()
    for (found, meaning) in try await questions(in: transaction) where found {
      throw TokyoDataError(.unsupported, meaning)
    }
  }

  /// All that concerns a DETACH: it fires nothing, and PostgreSQL itself keeps what refers to the table.
  func requireNothingLost() throws(TokyoDataError) {
    let lost = table.otherColumns.filter { !dataset.policy.givenUpColumns.contains($0) }
    if let column = lost.first {
      throw TokyoDataError(
        .unsupported,
        "the table has a column that is not exported, so retiring would lose it; install the dataset anew, "
          + "with it or giving it up",
        context: .init(column: column))
    }
  }

  private func questions(in transaction: PostgresTransaction) async throws -> [(Bool, String)] {
    let root = Int64(table.oid)
    let tree: PostgresStatement = """
      (SELECT \(root)::oid UNION SELECT relid FROM pg_partition_tree(\(root)::oid::regclass))
      """
    let rows = try await transaction.ask(
      """
      SELECT
        EXISTS (SELECT FROM pg_catalog.pg_constraint
          WHERE contype = 'f' AND confrelid IN \(tree)
            AND (conrelid NOT IN \(tree) OR confdeltype IN ('c', 'n', 'd'))) AS referenced,
        EXISTS (SELECT FROM pg_catalog.pg_trigger
          WHERE tgrelid IN \(tree) AND NOT tgisinternal AND tgtype & 8 <> 0 AND tgenabled <> 'D'
            AND tgname <> ALL(\(DatasetTriggers.names)))
          OR EXISTS (SELECT FROM pg_catalog.pg_rewrite
            WHERE ev_class IN \(tree) AND ev_type = '4' AND ev_enabled <> 'D') AS triggered,
        EXISTS (SELECT FROM pg_catalog.pg_publication_tables t
          JOIN pg_catalog.pg_publication p ON p.pubname = t.pubname
          WHERE p.pubdelete AND to_regclass(format('%I.%I', t.schemaname, t.tablename)) IN \(tree)) AS published
      """)
    func found(_ column: Int) -> Bool { rows.columns[column][0] == .bool(true) }
    return [
      (
        found(0),
        "a foreign key refers to the table: retiring would break it, or change other rows through it"
      ),
      (found(1), "a DELETE trigger or rule of yours is on the table: retiring would fire it for every row"),
      (found(2), "a publication sends the table's deletes to subscribers: retiring would delete there too"),
    ]
  }
}

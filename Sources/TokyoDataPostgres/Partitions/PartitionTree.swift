internal import TokyoDataCore

/// A dataset's table that is range-partitioned by its time column in whole UTC days, and its partitions.
struct PartitionTree {
  struct Leaf: Hashable {
    var oid: UInt32
    var name: QualifiedName
    var bounds: PartitionBounds
    /// The session's role owns it, so it may detach and drop it.
    var isOwned: Bool
  }

  let dataset: Dataset
  let table: TableDescription
  /// By their days; the one without lower bound first.
  let leaves: [Leaf]

  /// The partition below all others, which takes late rows of retired days.
  var overlay: Leaf? { leaves.first.flatMap { $0.bounds.from == nil ? $0 : nil } }
  /// The oldest partition above it.
  var oldest: Leaf? { leaves.first { $0.bounds.from != nil } }

  /// Asks the server.
  ///
  /// - Throws: `TokyoDataError.unsupported` with the reason where the table is partitioned otherwise.
  init(of dataset: Dataset, _ table: TableDescription, in session: some PostgresSession) async throws {
    self.dataset = dataset
    self.table = table
    try await Self.requireByTime(dataset, table, in: session)
    let rows = try await session.ask(
      """
      SELECT c.oid::int8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
        c.relkind::text AS kind, coalesce(pg_get_expr(c.relpartbound, c.oid), '') AS bounds,
        pg_has_role(c.relowner, 'USAGE') AS is_owned, h.inhdetachpending AS is_leaving
      FROM pg_catalog.pg_inherits h
      JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE h.inhparent = \(Int64(table.oid))::oid
      """)
    var leaves: [Leaf] = []
    for row in 0..<rows.rowCount {
      let name = QualifiedName(schema: rows.columns[1].text(row), table: rows.columns[2].text(row))
      let text = rows.columns[4].text(row)
      guard text != "DEFAULT" else {
        throw Self.refusal("\(name.text) is a DEFAULT partition, which may hold rows of any day")
      }
      guard rows.columns[3].text(row) == "r" else {
        throw Self.refusal("\(name.text) is partitioned itself, or a foreign table")
      }
      guard rows.columns[6][row] == .bool(false) else {
        throw Self.refusal("\(name.text) is half detached: end that with DETACH PARTITION … FINALIZE")
      }
      guard let bounds = PartitionBounds(text) else {
        throw Self.refusal("the bounds of \(name.text) are not whole UTC days")
      }
      leaves.append(
        Leaf(
          oid: UInt32(truncatingIfNeeded: rows.columns[0].integer(row)), name: name, bounds: bounds,
          isOwned: rows.columns[5][row] == .bool(true)))
    }
    self.leaves = leaves.sorted { $0.bounds.range.lowerBound < $1.bounds.range.lowerBound }
  }

  /// The partition of a name, as `list` gives it or without its schema.
  ///
  /// - Throws: `TokyoDataError.notFound`.
  func leaf(_ name: String) throws(TokyoDataError) -> Leaf {
    let wanted = try QualifiedName(name)
    guard let leaf = leaves.first(where: { $0.name == wanted }) else {
      throw TokyoDataError(.notFound, "the table has no partition \(wanted.text)")
    }
    return leaf
  }

  private static func requireByTime(
    _ dataset: Dataset, _ table: TableDescription, in session: some PostgresSession
  ) async throws {
    let key = try await session.ask(
      """
      SELECT p.partstrat = 'r' AND p.partnatts = 1 AND a.attname = \(dataset.timeColumn ?? "") AS by_time
      FROM pg_catalog.pg_partitioned_table p
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
      WHERE p.partrelid = \(Int64(table.oid))::oid
      """)
    guard key.rowCount == 1 else { throw refusal("the table is not partitioned") }
    guard dataset.isDated, key.columns[0][0] == .bool(true) else {
      throw refusal("the table is not range-partitioned by the dataset's time column alone")
    }
  }

  private static func refusal(_ reason: String) -> TokyoDataError { TokyoDataError(.unsupported, reason) }
}

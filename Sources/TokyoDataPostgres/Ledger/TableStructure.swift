internal import TokyoDataCore

/// What triggers cannot see of a table: partitions and their files, columns, and the triggers themselves.
///
/// ATTACH, DETACH, DROP, TRUNCATE of a partition, ALTER and a disabled trigger all change it. Each run
/// compares it with its record and marks the days concerned.
struct TableStructure: Codable, Hashable {
  struct Partition: Codable, Hashable {
    var file: Int64
    var bounds: String
  }

  /// Partitions without children, or the table itself, by object id.
  var partitions: [String: Partition]
  /// Names and types of the columns, in order.
  var columns: [String]
  /// Our triggers on the root with the transaction that last changed them; a trigger that is not always
  /// enabled is left out.
  var triggers: [String: String]

  /// Asks the server.
  init(of table: QualifiedName, oid: UInt32, in session: any PostgresSession) async throws {
    let root = Int64(oid)
    let files = try await session.query(
      """
      SELECT c.oid::text AS oid, c.relfilenode::int8 AS file,
        coalesce(pg_get_expr(c.relpartbound, c.oid), '') AS bounds
      FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND (c.oid = \(root)::oid
        OR c.oid IN (SELECT relid FROM pg_partition_tree(\(root)::oid::regclass) WHERE isleaf))
      """)
    partitions = [:]
    for row in 0..<files.rowCount {
      partitions[files.columns[0].text(row)] = Partition(
        file: files.columns[1].integer(row), bounds: files.columns[2].text(row))
    }
    columns = try await session.query(
      """
      SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS definition
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = \(root)::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
      """
    ).texts(0)
    let found = try await session.query(
      """
      SELECT tgname::text AS name, xmin::text AS changed FROM pg_catalog.pg_trigger
      WHERE tgrelid = \(root)::oid AND tgenabled = 'A' AND tgname = ANY(\(DatasetTriggers.names))
      """)
    triggers = [:]
    for row in 0..<found.rowCount { triggers[found.columns[0].text(row)] = found.columns[1].text(row) }
  }

  /// The triggers are all there and always enabled.
  var isGuarded: Bool { triggers.count == DatasetTriggers.names.count }

  /// The instants whose rows a change from an earlier structure may have touched; nil for none.
  func changes(since earlier: TableStructure) -> [TimeRange]? {
    guard earlier.columns == columns, earlier.triggers == triggers, isGuarded else { return [.unbounded] }
    let keys = Set(partitions.keys).union(earlier.partitions.keys)
    let changed = keys.filter { partitions[$0] != earlier.partitions[$0] }
    guard !changed.isEmpty else { return nil }
    return changed.flatMap { key in
      [partitions[key], earlier.partitions[key]].compactMap { $0 }.map { Self.range(of: $0.bounds) }
    }
  }

  /// The instants within a partition's bounds; all of time where they are not of one time column.
  static func range(of bounds: String) -> TimeRange {
    let words = bounds.split(separator: "'", omittingEmptySubsequences: false)
    func instant(_ word: Substring) -> Timestamp? {
      Timestamp(word + (word.hasSuffix("+00") ? "" : "Z")) ?? Day(String(word))?.start
    }
    // FOR VALUES FROM ('a') TO ('b'), where MINVALUE and MAXVALUE stand without quotes.
    guard bounds.hasPrefix("FOR VALUES FROM ("), !bounds.contains(",") else { return .unbounded }
    switch (words.count, bounds.contains("MINVALUE"), bounds.contains("MAXVALUE")) {
    case (5, false, false):
      guard let from = instant(words[1]), let until = instant(words[3]) else { return .unbounded }
      return TimeRange(from: from, until: until)
    case (3, true, false): return TimeRange(until: instant(words[1]))
    case (3, false, true): return TimeRange(from: instant(words[1]))
    default: return .unbounded
    }
  }
}

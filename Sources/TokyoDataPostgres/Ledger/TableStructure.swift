internal import TokyoDataCore

/// What triggers cannot see of a table: partitions and their files, columns, and the triggers themselves.
///
/// ATTACH, DETACH, DROP, TRUNCATE of a partition, ALTER and a disabled trigger all change it. Each run
/// compares it with its record and marks the days concerned.
struct TableStructure: Codable, Hashable {
  struct Partition: Codable, Hashable {
    /// Changes whenever the rows are written anew or thrown away.
    var file: Int64
    var bounds: String
    /// The bounds are of the dataset's time column alone.
    var isByTime: Bool
    /// Our triggers, each as name, state and the transaction that last changed it.
    var triggers: String

    /// The instants whose rows it may hold.
    var range: TimeRange { isByTime ? TableStructure.range(of: bounds) : .unbounded }

    var isGuarded: Bool { TableStructure.enabled(triggers).isSuperset(of: DatasetTriggers.rowTriggers) }
  }

  /// Partitions without children, or the table itself, by object id.
  var partitions: [String: Partition]
  /// Names and types of the columns, in order.
  var columns: [String]
  /// Our triggers on the root.
  var triggers: String

  /// Asks the server.
  init(of table: TableDescription, timeColumn: String?, in session: any PostgresSession) async throws {
    let root = Int64(table.oid)
    let rows = try await session.ask(
      """
      SELECT c.oid::text AS oid, c.oid = \(root)::oid AS is_root, c.relkind::text AS kind,
        c.relfilenode::int8 AS file, coalesce(pg_get_expr(c.relpartbound, c.oid), '') AS bounds,
        EXISTS (SELECT FROM pg_catalog.pg_inherits h
          JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = h.inhparent
          JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
          WHERE h.inhrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1
            AND a.attname = \(timeColumn ?? "")) AS by_time,
        coalesce((SELECT string_agg(concat_ws(':', t.tgname, t.tgenabled, t.xmin), ' ' ORDER BY t.tgname)
          FROM pg_catalog.pg_trigger t
          WHERE t.tgrelid = c.oid AND t.tgname = ANY(\(DatasetTriggers.names))), '') AS triggers
      FROM pg_catalog.pg_class c
      WHERE c.oid = \(root)::oid OR c.oid IN (SELECT relid FROM pg_partition_tree(\(root)::oid::regclass))
      """)
    columns = table.columns.map { "\($0.name) \($0.typeName)" }
    partitions = [:]
    triggers = ""
    for row in 0..<rows.rowCount {
      let found = rows.columns[6].text(row)
      if rows.columns[1][row] == .bool(true) { triggers = found }
      guard rows.columns[2].text(row) == "r" else { continue }
      partitions[rows.columns[0].text(row)] = Partition(
        file: rows.columns[3].integer(row), bounds: rows.columns[4].text(row),
        isByTime: rows.columns[5][row] == .bool(true), triggers: found)
    }
  }

  /// The triggers of the root are all there and always enabled.
  var isGuarded: Bool { Self.enabled(triggers).isSuperset(of: DatasetTriggers.names) }

  /// What changed from an earlier structure.
  func changes(since earlier: TableStructure) -> Changes {
    var changes = Changes()
    guard earlier.columns == columns, earlier.triggers == triggers, isGuarded else {
      changes.touched = [.unbounded]
      return changes
    }
    for key in Set(partitions.keys).union(earlier.partitions.keys) {
      let (now, before) = (partitions[key], earlier.partitions[key])
      let isGuarded = now?.isGuarded ?? true
      guard now != before || !isGuarded else { continue }
      changes.touched += [now, before].compactMap { $0?.range }
      if let before, now?.file != before.file { changes.emptied.append(before.range) }
    }
    return changes
  }

  /// The instants whose rows a change of structure concerns.
  struct Changes: Hashable {
    /// Rows may have come, gone or changed without a mark.
    var touched: [TimeRange] = []
    /// Rows may have gone: their partition is no longer there, or has another file.
    var emptied: [TimeRange] = []
  }

  private static func enabled(_ triggers: String) -> Set<String> {
    Set(
      triggers.split(separator: " ").compactMap { trigger in
        let parts = trigger.split(separator: ":")
        return parts.count == 3 && parts[1] == "A" ? String(parts[0]) : nil
      })
  }

  /// The instants within a partition's bounds; all of time where they are not plain ones.
  static func range(of bounds: String) -> TimeRange {
    let words = bounds.split(separator: "'", omittingEmptySubsequences: false)
    // FOR VALUES FROM ('a') TO ('b'), where MINVALUE and MAXVALUE stand without quotes.
    guard bounds.hasPrefix("FOR VALUES FROM (") else { return .unbounded }
    switch (words.count, bounds.contains("MINVALUE"), bounds.contains("MAXVALUE")) {
    case (5, false, false):
      guard let from = instant(words[1]), let until = instant(words[3]) else { return .unbounded }
      return TimeRange(from: from, until: until)
    case (3, true, false): return TimeRange(until: instant(words[1]))
    case (3, false, true): return TimeRange(from: instant(words[1]))
    default: return .unbounded
    }
  }

  /// The instant of a bound, which is written as its column's type is.
  static func instant(_ word: Substring) -> Timestamp? {
    Timestamp(String(word)) ?? Timestamp(word + "Z") ?? Day(String(word))?.start
  }
}

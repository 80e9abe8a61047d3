internal import TokyoDataCore

/// Settles a suspect day whose rows are in a detached table: they come back, or the copy stays.
///
/// A partition comes back whole. Its days that were proven are then in hot and lake both; those that a person
/// has settled for the copy come back without their rows.
struct DetachedSettlement {
  let detached: DetachedTable
  let dataset: Dataset
  let root: QualifiedName
  let transaction: PostgresTransaction

  private var name: String { "\(dataset.name)" }

  func settle(_ day: Day, keeping side: SuspectResolution) async throws {
    try await transaction.execute(
      script: """
        SET LOCAL row_security = off; SET LOCAL statement_timeout = 0; SET LOCAL tokyo_data.quiet = on
        """)
    switch side {
    case .copy: try await keepCopy(of: day)
    case .hot:
      try await attach()
      try await keepHot(day)
    }
  }

  private func keepCopy(of day: Day) async throws {
    let changed = try await transaction.execute(
      """
      UPDATE tokyo_data.coverage SET state = 'cold'
      WHERE dataset = \(name) AND day = \(day) AND version IS NOT NULL
      """)
    guard changed == 1 else {
      throw TokyoDataError(
        .conflict, "the day was never exported, so there is no copy to keep", context: .init(day: day))
    }
    guard try await suspectDays().isEmpty else { return }
    try await transaction.execute(script: LockWaits.areShort)
    try await transaction.execute("DROP TABLE IF EXISTS \(detached.name.sql)")
    try await detached.forget(in: transaction)
  }

  /// A day that was cold before its partition left has its rows in the lake, and late ones in hot.
  private func keepHot(_ day: Day) async throws {
    if detached.isExpected(day) {
      try await transaction.execute(
        """
        UPDATE tokyo_data.versions SET state = 'unused', unused_since = clock_timestamp()
        WHERE dataset = \(name) AND day = \(day) AND state = 'current'
        """)
    }
    try await transaction.execute(
      """
      DELETE FROM tokyo_data.coverage
      WHERE dataset = \(name) AND day = \(day) AND (\(detached.isExpected(day)) OR version IS NULL)
      """)
    try await transaction.execute(
      "UPDATE tokyo_data.coverage SET state = 'cold' WHERE dataset = \(name) AND day = \(day)")
  }

  private func suspectDays() async throws -> [Day] {
    let rows = try await transaction.ask(
      """
      SELECT day FROM tokyo_data.coverage WHERE dataset = \(name) AND state = 'suspect'
        AND day::text = ANY(\((detached.differing ?? []).map { "\($0)" })) ORDER BY day
      """)
    return (0..<rows.rowCount).compactMap { rows.day(0, $0) }
  }

  // MARK: Attaching

  private func attach() async throws {
    let record = try await StructureRecord(of: dataset, in: transaction)
    try await transaction.execute(script: LockWaits.areShort)
    let description = try await TableDescription(root, in: transaction)
    let tree = try await PartitionTree(of: dataset, description, in: transaction)
    guard let overlay = tree.overlay, overlay.bounds.until == detached.bounds.until else {
      throw TokyoDataError(
        .unsupported, "the overlay partition no longer ends with the detached one, so that cannot be attached"
      )
    }
    let back = try await TableDescription(detached.name, in: transaction)
    let making = PartitionMaking(tree: tree, transaction: transaction)
    try await making.lockExclusively([overlay])
    try await transaction.execute("LOCK TABLE \(detached.name.sql) IN ACCESS EXCLUSIVE MODE")
    try await record.requireSeen([overlay.oid], of: root)
    try await making.detach(overlay)
    try await dropRowsOfSettledDays(try back.source(of: dataset))
    try await takeLateRows(from: overlay, into: back)
    try await making.attach(detached.name, detached.bounds)
    try await making.attach(overlay.name, PartitionBounds(from: nil, until: detached.bounds.from))
    try await record.note([overlay.oid, back.oid], of: root)
    try await transaction.execute(
      """
      UPDATE tokyo_data.coverage SET state = 'both' WHERE dataset = \(name) AND state = 'cold'
        AND day::text = ANY(\(proven.map { "\($0)" }))
      """)
    try await detached.forget(in: transaction)
  }

  private var proven: [Day] {
    detached.expected.map(\.day).filter { detached.differing?.contains($0) != true }
  }

  private func dropRowsOfSettledDays(_ table: SourceTable) async throws {
    let open = Set(try await suspectDays())
    for day in detached.differing ?? [] where !open.contains(day) {
      try await transaction.execute(
        "DELETE FROM ONLY \(table.name.sql) WHERE \(try table.within([TimeRange(day...day)], of: dataset))")
    }
  }

  /// Late rows came after the DETACH: they replace what the detached table holds of their keys.
  private func takeLateRows(from overlay: PartitionTree.Leaf, into back: TableDescription) async throws {
    let source = try back.source(of: dataset)
    guard let from = detached.bounds.from, let until = detached.bounds.until else { return }
    let late = try source.within([TimeRange(from...until.advanced(by: -1))], of: dataset)
    if !dataset.primaryKey.isEmpty {
      let same = dataset.primaryKey.map { key -> PostgresStatement in
        "b.\(identifier: key) = o.\(identifier: key)"
      }
      try await transaction.execute(
        """
        DELETE FROM ONLY \(detached.name.sql) b USING (SELECT * FROM ONLY \(overlay.name.sql) WHERE \(late)) o
        WHERE \(.joining(same, separator: " AND "))
        """)
    }
    let columns: PostgresStatement = .joining(
      try await storedColumns(of: back).map { "\(identifier: $0)" }, separator: ", ")
    try await transaction.execute(
      """
      INSERT INTO \(detached.name.sql) (\(columns)) SELECT \(columns) FROM ONLY \(overlay.name.sql) WHERE \(late)
      """)
    try await transaction.execute("DELETE FROM ONLY \(overlay.name.sql) WHERE \(late)")
  }

  /// The columns that are not computed from others.
  private func storedColumns(of table: TableDescription) async throws -> [String] {
    let rows = try await transaction.ask(
      """
      SELECT attname::text AS name FROM pg_catalog.pg_attribute
      WHERE attrelid = \(Int64(table.oid))::oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
      ORDER BY attnum
      """)
    return rows.texts(0)
  }
}

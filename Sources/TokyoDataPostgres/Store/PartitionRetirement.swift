internal import TokyoDataCore

/// The first half of a partition's retirement, in one transaction of milliseconds: DETACH, the overlay partition,
/// and the ledger.
///
/// Nothing is lost here: the rows are in the detached table, whose name the ledger keeps until they are proven.
struct PartitionRetirement {
  let partition: RetirablePartition
  let versions: [VersionRecord]
  let transaction: PostgresTransaction

  /// Thrown to roll back: a transaction changed these days after the versions were made.
  struct Marked: Error { var days: [Day] }

  private var first: Day { partition.days.lowerBound }
  private var end: Day { partition.days.upperBound.next }
  private var bounds: PartitionBounds { PartitionBounds(from: first, until: end) }

  func run(of name: DatasetName, step: (RetireStep) -> Void) async throws -> DetachedTable {
    try await transaction.execute(script: "SET LOCAL row_security = off; SET LOCAL statement_timeout = 0")
    let (dataset, root) = try await LedgerReading(session: transaction).dataset(name)
    // Only ours wait for the record, and in turn; the application's locks are waited for in bounds.
    let record = try await StructureRecord(of: dataset, in: transaction)
    try await transaction.execute(script: LockWaits.areShort)
    let description = try await TableDescription(root, in: transaction)
    try RetireObstacles(table: description.source(of: dataset), dataset: dataset).requireNothingLost()
    // Lock, then look: the partitions and the marks are read once no writer is left.
    let early = try await PartitionTree(of: dataset, description, in: transaction)
    let leaf = try early.leaf(partition.name)
    try await PartitionMaking(tree: early, transaction: transaction)
      .lockExclusively([early.overlay, leaf].compactMap { $0 })
    let tree = try await PartitionTree(of: dataset, description, in: transaction)
    guard tree.oldest == leaf, leaf.bounds == bounds, tree.overlay == early.overlay else {
      throw TokyoDataError(.conflict, "the partition is not the table's oldest, or its days changed")
    }
    try await record.requireSeen([tree.overlay, leaf].compactMap { $0?.oid }, of: root)
    // Its rows could come back only while the overlay partition ends where it does.
    guard try await DetachedTable.read("true", of: name, in: transaction).isEmpty else {
      throw TokyoDataError(.conflict, "a detached partition still awaits its proof, or resolve")
    }
    try await requireNoMarks(name)
    try await claim(name)

    let making = PartitionMaking(tree: tree, transaction: transaction)
    try await making.detach(leaf)
    let overlay = try await making.setOverlay(until: end)
    try await record.note([leaf.oid, overlay.oid], of: root)
    let detached = DetachedTable(dataset: name, name: leaf.name, bounds: bounds, versions: versions)
    try await detached.record(in: transaction)
    try await transaction.execute(
      """
      UPDATE tokyo_data.datasets SET epoch = \(Int64.random(in: .min ... .max)) WHERE name = \("\(name)")
      """)
    step(.beforeDetachCommit)
    return detached
  }

  /// Under the lock no writer is open: a mark that is not there now never comes.
  ///
  /// Today has no marks at all.
  private func requireNoMarks(_ dataset: DatasetName) async throws {
    let rows = try await transaction.ask(
      """
      SELECT DISTINCT m.day FROM tokyo_data.marks m
      WHERE m.dataset = \("\(dataset)") AND \(bounds.contains("m.day")) ORDER BY 1
      """)
    var days = (0..<rows.rowCount).compactMap { rows.day(0, $0) }
    let today = try await PostgresPartitions.today(in: transaction)
    if end > today { days += versions.map(\.day).filter { $0 >= today } + (versions.isEmpty ? [today] : []) }
    guard days.isEmpty, end <= today else { throw Marked(days: days) }
  }

  /// The days are both with these versions, or cold and without rows of their own in the partition.
  private func claim(_ dataset: DatasetName) async throws {
    let changed = try await transaction.execute(
      """
      UPDATE tokyo_data.coverage c SET state = 'cold'
      FROM unnest(\(versions.map { "\($0.day)" })::text[], \(versions.map { "\($0.id)" })::text[])
        AS n(day, version)
      WHERE c.dataset = \("\(dataset)") AND c.day = n.day::date AND c.state = 'both'
        AND c.version = n.version AND \(bounds.contains("c.day"))
      """)
    let others = try await transaction.ask(
      """
      SELECT count(*) AS days FROM tokyo_data.coverage c
      WHERE c.dataset = \("\(dataset)") AND c.state IN ('both', 'suspect') AND \(bounds.contains("c.day"))
      """)
    guard changed == versions.count, others.columns[0].integer(0) == 0 else {
      throw TokyoDataError(
        .conflict, "only days that hot and lake both hold, with the versions that were verified, can retire")
    }
  }
}

extension ColumnBatch {
  /// The day in a column of dates; nil where there is none.
  func day(_ column: Int, _ row: Int) -> Day? {
    if case .date(let day) = columns[column][row] { day } else { nil }
  }
}

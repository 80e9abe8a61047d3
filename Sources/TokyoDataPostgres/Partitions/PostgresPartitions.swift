public import TokyoDataCore

/// A partition of a dataset's table, in whole UTC days.
public struct PostgresPartition: Hashable, Sendable {
  /// Schema and table.
  public var name: String
  /// Its first day; nil for the overlay partition, which takes the late rows of retired days.
  public var from: Day?
  /// The first day after it; nil where it has no upper bound.
  public var until: Day?

  init(_ leaf: PartitionTree.Leaf) {
    name = leaf.name.text
    from = leaf.bounds.from
    until = leaf.bounds.until
  }
}

extension PostgresHotStore {
  /// The partitions of a dataset's table, to look at and to change.
  public func partitions(of dataset: DatasetName) -> PostgresPartitions {
    PostgresPartitions(store: self, dataset: dataset)
  }
}

/// The partitions of one dataset's table, which must be range-partitioned by its time column alone.
///
/// All calls refuse with `TokyoDataError.unsupported`, naming the reason, a table that is not partitioned by
/// the time column, bounds that are not whole UTC days, a DEFAULT partition, and partitions that are
/// partitioned themselves. Changes need the table's owner; each is one transaction that also enters the
/// ledger's record of the table, so that the next run finds nothing changed. Processes that change partitions
/// at once take turns. Lock waits are 100 ms, tried again for ten seconds; then a call throws `.busy`.
public struct PostgresPartitions: Sendable {
  let store: PostgresHotStore
  let dataset: DatasetName

  /// The partitions, oldest first.
  public func list() async throws -> [PostgresPartition] {
    try await store.withConnection("partitions", of: dataset) { connection in
      let (definition, name) = try await LedgerReading(session: connection).dataset(dataset)
      let table = try await TableDescription(name, in: connection)
      return try await PartitionTree(of: definition, table, in: connection).leaves.map(PostgresPartition.init)
    }
  }

  /// Makes partitions for the days that have none, through the unit of the last one.
  ///
  /// A gap between partitions that exist is filled exactly, so a month that is partly there gets the rest of
  /// its days. Names are the table's with what they hold: `events_p20260301` a day, `events_p202603` a month,
  /// `events_p20260302_20260315` the days between, both included. Nobody waits for a partition to be made.
  /// Called again, it makes what is missing and nothing else.
  ///
  /// - Parameters:
  ///   - last: a day that shall have a partition.
  ///   - first: the first day that shall have one; today by the server's clock, unless said otherwise.
  ///   - unit: how long a partition is.
  /// - Returns: the partitions that were made, oldest first.
  /// - Throws: `TokyoDataError.invalidArgument` beyond 4,000 partitions or the years 1 to 9999; `.conflict`
  ///   where another table has a partition's name.
  @discardableResult
  public func ensure(
    through last: Day, from first: Day? = nil, by unit: PartitionUnit = .day
  ) async throws -> [PostgresPartition] {
    try await change("ensure partitions") { making, record in
      let first = if let first { first } else { try await Self.today(in: making.transaction) }
      guard first <= last else { return [] }
      guard (1...9_999).contains(first.civil.year), (1...9_999).contains(unit.end(of: last).civil.year) else {
        throw TokyoDataError(.invalidArgument, "partitions are of days in the years 1 to 9999")
      }
      guard first.distance(to: last) / (unit == .month ? 28 : 1) < 4_000 else {
        throw TokyoDataError(.invalidArgument, "that would be more than 4,000 partitions")
      }
      let pieces = unit.pieces(
        filling: unit.start(of: first)..<unit.end(of: last), beside: making.tree.leaves.map(\.bounds.range))
      let names = PartitionNames(table: making.tree.table.name)
      var made: [PartitionTree.Leaf] = []
      for piece in pieces {
        made.append(
          try await making.make(
            names.partition(piece), PartitionBounds(from: piece.lowerBound, until: piece.upperBound)))
      }
      if !made.isEmpty { try await record.note(made.map(\.oid), of: making.tree.table.name) }
      return made.map(PostgresPartition.init)
    }
  }

  /// Takes a partition out of the table; it goes on as a table of its own, and its rows leave the dataset.
  ///
  /// - Throws: `TokyoDataError.unsupported` where it holds rows of days of which the ledger knows a copy:
  ///   `retire` proves those first; `.notFound` where the table has no such partition.
  public func detach(_ name: String) async throws {
    try await change("detach") { making, record in
      let leaf = try making.tree.leaf(name)
      try await making.lockExclusively([leaf])
      try await requireNoCopies(of: leaf, making)
      try await record.requireSeen([leaf.oid], of: making.tree.table.name)
      try await making.detach(leaf)
      try await record.note([leaf.oid], of: making.tree.table.name)
    }
  }

  /// Drops a partition that holds no rows.
  ///
  /// - Throws: `TokyoDataError.unsupported` where it holds rows: `retire` or `detach` it; `.notFound` where
  ///   the table has no such partition.
  public func drop(_ name: String) async throws {
    try await change("drop") { making, record in
      let leaf = try making.tree.leaf(name)
      try await making.lockExclusively([leaf])
      let rows = try await making.transaction.ask(
        "SELECT EXISTS (SELECT FROM ONLY \(leaf.name.sql)) AS found")
      guard rows.columns[0][0] == .bool(false) else {
        throw TokyoDataError(.unsupported, "the partition holds rows: retire its days, or detach it")
      }
      try await record.requireSeen([leaf.oid], of: making.tree.table.name)
      try await making.transaction.execute("DROP TABLE \(leaf.name.sql)")
      try await record.note([leaf.oid], of: making.tree.table.name)
    }
  }

  private func requireNoCopies(of leaf: PartitionTree.Leaf, _ making: PartitionMaking) async throws {
    let bounds = DayBounds(of: making.tree.dataset, day: "c.day")
    let time: PostgresStatement = "t.\(identifier: making.tree.dataset.timeColumn ?? "")"
    let held = try await making.transaction.ask(
      """
      SELECT min(c.day) AS day FROM tokyo_data.coverage c
      WHERE c.dataset = \("\(dataset)") AND c.state <> 'expired' AND \(leaf.bounds.contains("c.day"))
        AND EXISTS (SELECT FROM ONLY \(leaf.name.sql) t
          WHERE \(time) >= \(bounds.from) AND \(time) < \(bounds.until))
      """)
    if case .date(let day) = held.columns[0][0] {
      throw TokyoDataError(
        .unsupported, "the partition holds rows of a day that has a copy: retire it instead",
        context: .init(day: day))
    }
  }

  /// Runs a change of partitions in one transaction that holds the table's record.
  private func change<Result>(
    _ operation: String, _ body: (PartitionMaking, StructureRecord) async throws -> Result
  ) async throws -> Result {
    try await retryingLocks(within: .seconds(10)) {
      try await store.withConnection(operation, of: dataset) { connection in
        try await connection.withTransaction { transaction in
          try await transaction.execute(
            script: "SET LOCAL row_security = off; SET LOCAL statement_timeout = 0")
          let (definition, name) = try await LedgerReading(session: transaction).dataset(dataset)
          // Only ours wait for the record, and in turn; the application's locks are waited for in bounds.
          let record = try await StructureRecord(of: definition, in: transaction)
          try await transaction.execute(script: LockWaits.areShort)
          let table = try await TableDescription(name, in: transaction)
          let tree = try await PartitionTree(of: definition, table, in: transaction)
          return try await body(PartitionMaking(tree: tree, transaction: transaction), record)
        }
      }
    }
  }

  static func today(in session: some PostgresSession) async throws -> Day {
    let rows = try await session.ask("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS today")
    guard case .date(let day) = rows.columns[0][0] else {
      throw TokyoDataError(.internal, "the server told no time")
    }
    return day
  }
}

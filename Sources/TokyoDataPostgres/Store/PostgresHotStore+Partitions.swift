public import TokyoDataCore

extension PostgresHotStore {
  /// The partitions that can retire by DETACH, oldest first, or why none can.
  ///
  /// Their bounds are whole UTC days before the limit, the session's role owns them and the table, no other
  /// partition than the overlay lies below, and nothing that a DROP would break depends on them.
  public func retirablePartitions(
    of dataset: DatasetName, before limit: Day
  ) async throws -> RetirablePartitions {
    try await withConnection("retire", of: dataset) { connection in
      let (definition, name) = try await LedgerReading(session: connection).dataset(dataset)
      let table = try await TableDescription(name, in: connection)
      do {
        try await LedgerMigration.requireCurrentFormat(in: connection)
        let tree = try await PartitionTree(of: definition, table, in: connection)
        try await DetachObstacles(tree: tree).check(in: connection)
        let free = tree.leaves.prefix { leaf in
          leaf.bounds.from == nil || leaf.bounds.until.map { $0 <= limit } ?? false
        }
        return RetirablePartitions(
          partitions: free.compactMap { leaf in
            guard let from = leaf.bounds.from, let until = leaf.bounds.until else { return nil }
            return RetirablePartition(name: leaf.name.text, days: from...until.advanced(by: -1))
          }, obstacle: nil)
      } catch let error as TokyoDataError where error.code == .unsupported {
        return RetirablePartitions(partitions: [], obstacle: error.message)
      }
    }
  }

  /// Detaches a partition and makes its days cold, then hashes it under lock and drops it if it is the copy.
  ///
  /// - Throws: `TokyoDataError.conflict` unless the days are both with these versions and the partition is
  ///   the oldest; `.busy` where readers or writers keep it locked. Once it is detached, the next run finishes
  ///   what an error or a kill left.
  public func retire(
    _ partition: RetirablePartition, of dataset: DatasetName, versions: [VersionRecord],
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> PartitionRetireOutcome {
    let detached: DetachedTable
    do {
      detached = try await inRetirement(of: dataset) { transaction in
        try await PartitionRetirement(partition: partition, versions: versions, transaction: transaction)
          .run(of: dataset, step: step)
      }
    } catch let stay as PartitionRetirement.Marked {
      return .marked(stay.days)
    }
    step(.detached)
    let differing = try await inRetirement(of: dataset) { transaction in
      try await DetachedProof(detached: detached, transaction: transaction).run(step: step)
    }
    return differing.isEmpty ? .retired : .differs(differing)
  }

  private func inRetirement<Result>(
    of dataset: DatasetName, _ body: (PostgresTransaction) async throws -> Result
  ) async throws -> Result {
    try await retryingLocks(within: .seconds(10)) {
      try await withConnection("retire", of: dataset) { try await $0.withTransaction { try await body($0) } }
    }
  }
}

/// What keeps a table's days from retiring by DETACH, so that they retire by DELETE.
struct DetachObstacles {
  let tree: PartitionTree

  func check(in session: some PostgresSession) async throws {
    if let leaf = tree.leaves.first(where: { !$0.isOwned }) {
      throw TokyoDataError(.unsupported, "the role does not own the partition \(leaf.name.text)")
    }
    let name = "\(tree.dataset.name)"
    let root = Int64(tree.table.oid)
    let partitions: PostgresStatement = "(SELECT relid FROM pg_partition_tree(\(root)::oid::regclass))"
    let rows = try await session.ask(
      """
      SELECT
        (SELECT pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class WHERE oid = \(root)::oid) AS is_owned,
        EXISTS (SELECT FROM tokyo_data.detached WHERE dataset = \(name)) AS awaits,
        EXISTS (SELECT FROM pg_catalog.pg_constraint
          WHERE contype = 'f' AND confrelid IN \(partitions)) AS referenced,
        EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.deptype = 'n'
            AND d.refclassid = 'pg_catalog.pg_class'::regclass
            AND d.refobjid IN \(partitions) AND d.refobjid <> \(root)::oid) AS viewed,
        \(tree.overlay != nil) OR has_schema_privilege(\(tree.table.name.schema), 'CREATE') AS can_make
      """)
    func found(_ column: Int) -> Bool { rows.columns[column][0] == .bool(true) }
    let obstacles: [(Bool, String)] = [
      (!found(0), "the role does not own the table"),
      (found(1), "a detached partition still awaits its proof, or resolve"),
      (found(2), "a foreign key refers to the table"),
      (found(3), "a view reads a partition by its own name"),
      (!found(4), "the role may not make an overlay partition in the table's schema"),
    ]
    for (isThere, reason) in obstacles where isThere { throw TokyoDataError(.unsupported, reason) }
  }
}

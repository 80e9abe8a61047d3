internal import TokyoDataCore

/// Makes, attaches and detaches partitions in a transaction that bounds its waits for locks.
struct PartitionMaking {
  let tree: PartitionTree
  let transaction: PostgresTransaction

  private var root: PostgresStatement { tree.table.name.sql }

  /// Makes a table beside the partitioned one and attaches it, which holds neither readers nor writers off.
  ///
  /// Attaching gives it the root's indexes, foreign keys and triggers, ours among them.
  func make(_ name: QualifiedName, _ bounds: PartitionBounds) async throws -> PartitionTree.Leaf {
    do {
      try await transaction.execute(
        """
        CREATE TABLE \(name.sql) (LIKE \(root) INCLUDING DEFAULTS INCLUDING CONSTRAINTS
          INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION)
        """)
    } catch let error as PostgresError where PostgresServerError(in: error)?.sqlState == .duplicateTable {
      throw TokyoDataError(
        .conflict, "\(name.text) exists and is no partition of the table; rename one of them", cause: error)
    }
    try await attach(name, bounds)
    let oid = try await TableDescription(name, in: transaction).oid
    return PartitionTree.Leaf(oid: oid, name: name, bounds: bounds, isOwned: true)
  }

  func attach(_ name: QualifiedName, _ bounds: PartitionBounds) async throws {
    try await transaction.execute(
      "ALTER TABLE \(root) ATTACH PARTITION \(name.sql) \(bounds.clause(of: tree.dataset))")
  }

  func detach(_ leaf: PartitionTree.Leaf) async throws {
    try await transaction.execute("ALTER TABLE \(root) DETACH PARTITION \(leaf.name.sql)")
  }

  /// Keeps readers and writers out of the root and these partitions, and no others.
  func lockExclusively(_ leaves: [PartitionTree.Leaf]) async throws {
    try await transaction.execute("LOCK TABLE ONLY \(root) IN ACCESS EXCLUSIVE MODE")
    for leaf in leaves {
      try await transaction.execute("LOCK TABLE \(leaf.name.sql) IN ACCESS EXCLUSIVE MODE")
    }
  }

  /// Moves the upper bound of the overlay partition, or makes one where there is none.
  ///
  /// - Returns: the partition as it now is.
  func setOverlay(until day: Day) async throws -> PartitionTree.Leaf {
    let bounds = PartitionBounds(from: nil, until: day)
    guard var overlay = tree.overlay else {
      return try await make(PartitionNames(table: tree.table.name).overlay, bounds)
    }
    try await detach(overlay)
    try await attach(overlay.name, bounds)
    overlay.bounds = bounds
    return overlay
  }
}

internal import TokyoDataCore

extension PostgresHotStore {
  /// Brings the ledger's schema to this release's format: makes it where there is none, runs the steps that it
  /// lacks where there is an earlier one, and changes nothing where it is up to date.
  ///
  /// The owner of schema `tokyo_data` runs it once after an update, before the processes that use the new
  /// release start; `install` does the same by itself. All steps are one transaction, so a migration that is
  /// killed or canceled leaves the ledger as it was, and processes that migrate at once take turns.
  ///
  /// - Throws: `TokyoDataError.unsupported` where the ledger is of a later release; `.busy` where a session
  ///   keeps the ledger's tables locked.
  public func migrate() async throws {
    try await retryingLocks(within: .seconds(10)) {
      try await withConnection("migrate") { connection in
        try await connection.withTransaction { try await LedgerMigration(transaction: $0).run() }
      }
    }
  }
}

/// Runs the steps that a ledger lacks, all or none.
struct LedgerMigration {
  let transaction: PostgresTransaction
  var steps = LedgerSchema.steps

  /// Leaves the migration's lock and bounds on lock waits in force until the transaction ends.
  func run() async throws {
    try await transaction.execute("SELECT pg_advisory_xact_lock(\(Self.lock))")
    try await transaction.execute(script: LockWaits.areShort)
    let format = try await Self.format(in: transaction)
    guard format <= steps.count else {
      throw TokyoDataError(.unsupported, "the ledger is of a later release")
    }
    for step in max(0, format)..<steps.count {
      try await transaction.execute(script: steps[step])
      try await transaction.execute("UPDATE tokyo_data.ledger SET format = \(step + 1)")
    }
  }

  /// The number of the last step that ran; 0 where there is no ledger.
  private static func format(in session: some PostgresSession) async throws -> Int {
    let ledger = try await session.ask("SELECT to_regclass('tokyo_data.ledger') IS NOT NULL AS is_there")
    guard ledger.columns[0][0] == .bool(true) else { return 0 }
    let rows = try await session.ask("SELECT max(format)::int8 AS format FROM tokyo_data.ledger")
    return Int(rows.columns[0].integer(0))
  }

  /// Runs write what an earlier format has no place for, and a later one may want more than they write.
  ///
  /// - Throws: `TokyoDataError.unsupported` saying which side is behind.
  static func requireCurrentFormat(in session: some PostgresSession) async throws {
    let format = try await format(in: session)
    guard format >= LedgerSchema.format else {
      throw TokyoDataError(
        .unsupported, "the ledger is of an earlier release: its owner must run migrate, or install")
    }
    guard format == LedgerSchema.format else {
      throw TokyoDataError(.unsupported, "the ledger is of a later release")
    }
  }

  private static let lock: Int64 = 0x746F_6B79_6F00_0001
}

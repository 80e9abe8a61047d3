internal import TokyoDataCore

extension PostgresLedgerRun {
  /// Proves or suspects the tables that a killed retirement detached.
  ///
  /// A table that somebody keeps locked, or that this run's role may not drop, is left to the next run:
  /// nothing is lost while it stands.
  func finishDetached() async throws {
    for detached in try await DetachedTable.unproven(of: dataset.name, in: connection)
    where try await mayDrop(detached.name) {
      do {
        _ = try await retryingLocks(within: .seconds(1)) {
          try await translating("retire", of: dataset.name) {
            try await connection.withTransaction { transaction in
              try await DetachedProof(detached: detached, transaction: transaction).run(step: { _ in })
            }
          }
        }
      } catch let error as TokyoDataError where error.code == .busy { continue }
    }
  }
  /// A table that is no longer there is nobody's.
  private func mayDrop(_ name: QualifiedName) async throws -> Bool {
    let rows = try await connection.ask(
      """
      SELECT EXISTS (SELECT FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = \(name.schema) AND c.relname = \(name.table)
          AND NOT pg_has_role(c.relowner, 'USAGE')) AS is_anothers
      """)
    return rows.columns[0][0] == .bool(false)
  }
}

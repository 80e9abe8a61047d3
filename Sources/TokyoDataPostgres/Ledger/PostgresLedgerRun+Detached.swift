internal import TokyoDataCore

extension PostgresLedgerRun {
  /// Proves or suspects the tables that a killed retirement detached.
  ///
  /// A table that somebody keeps locked is left to the next run: nothing is lost while it stands.
  func finishDetached() async throws {
    for detached in try await DetachedTable.unproven(of: dataset.name, in: connection) {
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
}

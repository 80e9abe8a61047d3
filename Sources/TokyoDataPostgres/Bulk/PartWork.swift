internal import TokyoDataCore

/// What the workers of one read in parts do.
struct PartWork: Sendable {
  let plan: PartPlan
  let queue: PartQueue
  let size: BatchSize
  let consume: @Sendable (PostgresPart, PostgresBatches) async throws -> Void

  /// Another session waits to change the table's definition.
  private struct StandsAside: Error {}

  /// A reader left the rest of its part, so that the COPY was canceled.
  private struct LeftEarly: Error {}

  /// Reads parts until none is left.
  func run(in transaction: PostgresTransaction) async throws {
    while let next = queue.take() {
      do {
        try await translating("copy out") {
          // What the server cancels, it undoes as far as a savepoint: the snapshot stays for the next parts.
          try await transaction.withSavepoint { scope in
            try await scope.withCopyOut(plan.statement(for: next), as: plan.schema, batch: size) {
              try await consume(next.part, $0)
            }
            if await scope.hasFailed { throw LeftEarly() }
          }
        }
      } catch is LeftEarly {
      } catch let error as TokyoDataError { throw error.adding(.init(day: next.part.day)) }
    }
  }

  /// Does the same in at most so many further sessions, as far as the pool has them to spare.
  ///
  /// To wait for one while holding another would let two such reads wait for each other. So they are leased
  /// one after the other: while one is being opened, the pool has no other to spare.
  func runElsewhere(
    _ count: Int, from pool: PostgresConnectionPool, seeing snapshot: SharedSnapshot
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<max(0, count) {
        guard !queue.isEmpty, let connection = try? await pool.leaseForSharingIfFree() else { break }
        group.addTask {
          do {
            try await run(on: connection, seeing: snapshot)
          } catch {
            await pool.giveBackShared(connection)
            throw error
          }
          await pool.giveBackShared(connection)
        }
      }
      while try await group.next() != nil {}
    }
  }

  private func run(on connection: PostgresConnection, seeing snapshot: SharedSnapshot) async throws {
    do {
      try await connection.withTransaction(.repeatableRead.readOnly) { transaction in
        guard try await snapshot.takeOver(by: transaction) else { throw StandsAside() }
        try await run(in: transaction)
      }
    } catch is StandsAside {}
  }
}

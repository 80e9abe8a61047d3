extension ConnectionPool {
  /// Leases a connection, or leaves the line when the caller's own deadline comes before the lease's timeout.
  ///
  /// - Throws: as `lease()`, and `PostgresError.deadlineExceeded`.
  func lease(until deadline: ContinuousClock.Instant?) async throws -> Connection {
    guard let deadline else { return try await lease() }
    let end = clock.now() + (deadline - .now)
    return try await withThrowingTaskGroup(of: Connection?.self) { group in
      group.addTask { try await self.lease() }
      group.addTask {
        try await self.clock.sleep(end)
        return nil
      }
      var outcomes: [Result<Connection?, any Error>] = []
      while let outcome = await group.nextResult() {
        group.cancelAll()
        outcomes.append(outcome)
      }
      // A connection that came at the same moment is not lost.
      for case .success(let connection?) in outcomes { return connection }
      guard case .failure(let error)? = outcomes.first else { throw CallLimits.exceeded }
      throw error
    }
  }
}

/// Runs `body` for at most so long.
///
/// It is canceled then, and ends for that: a `Cache` promises it.
///
/// - Returns: nil where the time was over first.
/// - Throws: what `body` throws; `CancellationError` when the caller is canceled.
func withLimit<Result: Sendable>(
  _ limit: Duration, by clock: any Clock<Duration>, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result? {
  try await withThrowingTaskGroup(of: Result?.self) { group in
    defer { group.cancelAll() }
    group.addTask { try await body() }
    group.addTask {
      try await clock.sleep(for: limit)
      return nil
    }
    return try await group.next() ?? nil
  }
}

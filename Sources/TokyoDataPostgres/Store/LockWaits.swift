internal import TokyoDataCore

/// Waits for locks are short, so that nobody queues behind us for long, and are tried again.
enum LockWaits {
  static let areShort: PostgresStatement = "SET LOCAL lock_timeout = '100ms'"
}

/// Runs an attempt, whose transaction keeps `LockWaits`, until it gets its locks or the time is over.
///
/// - Throws: `TokyoDataError.busy` of the last attempt; whatever else an attempt throws.
func retryingLocks<Result>(
  within limit: Duration, _ attempt: () async throws -> Result
) async throws -> Result {
  let deadline = ContinuousClock.now + limit
  var pause = Duration.milliseconds(20)
  while true {
    do { return try await attempt() } catch let error as TokyoDataError
      where error.code == .busy && ContinuousClock.now + pause < deadline
    {
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(1))
    }
  }
}

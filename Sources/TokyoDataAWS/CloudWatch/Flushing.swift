internal import Logging
internal import ServiceLifecycle

/// Flushes at an interval until the service ends, and once more on graceful shutdown.
///
/// - Throws: `CancellationError` when the task is canceled; nothing more is sent then.
func flushPeriodically(
  every interval: Duration, _ clock: any Clock<Duration>, _ logger: Logger?, _ flush: () async throws -> Void
) async throws {
  while !Task.isShuttingDownGracefully {
    do {
      try await cancelWhenGracefulShutdown { try await clock.sleep(for: interval) }
    } catch let error as CancellationError {
      guard Task.isShuttingDownGracefully, !Task.isCancelled else { throw error }
      break
    }
    try await flushOnce(logger, flush)
  }
  try await flushOnce(logger, flush)
}

/// A service that does not take what is to be flushed is no reason to end the program; cancellation is.
private func flushOnce(_ logger: Logger?, _ flush: () async throws -> Void) async throws {
  do { try await flush() } catch {
    try Task.checkCancellation()
    logger?.warning("could not flush to CloudWatch", error: error)
  }
}

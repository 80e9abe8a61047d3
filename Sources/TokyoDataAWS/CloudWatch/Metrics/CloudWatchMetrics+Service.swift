public import ServiceLifecycle

extension CloudWatchMetrics: Service {
  /// Flushes at the interval until the service ends, and once more on graceful shutdown.
  ///
  /// A flush that fails is logged; what may still be taken waits for the next one.
  ///
  /// - Throws: `CancellationError` when the task is canceled: nothing more is sent then.
  public func run() async throws {
    try await flushPeriodically(every: interval, clock, logger) { try await flush() }
  }
}

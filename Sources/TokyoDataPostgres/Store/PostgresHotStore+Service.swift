public import ServiceLifecycle

extension PostgresHotStore: Service {
  /// Keeps the minimum of connections open and all of them young and healthy, until the service ends.
  ///
  /// On graceful shutdown no call gets a connection any more. Those that have one may finish within the
  /// pool's `shutdownTimeout`; then their sessions are closed. The store works without `run()` too, and looks
  /// after connections when they are lent and given back.
  ///
  /// - Throws: `CancellationError` when the task is canceled: the store is then closed without waiting.
  public func run() async throws {
    await pool.keep()
    do { try await gracefulShutdown() } catch {
      await pool.close()
      throw error
    }
    await pool.shutDown(within: pool.poolConfiguration.shutdownTimeout)
  }
}

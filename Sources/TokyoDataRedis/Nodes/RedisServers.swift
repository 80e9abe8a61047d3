/// The servers behind a cache, however they belong together.
protocol RedisServers: Sendable {
  /// Sorts keys by which of them one command may name together, as places in the list.
  func groups(of keys: [[UInt8]]) -> [[Int]]

  /// Runs commands where their keys are.
  ///
  /// Commands for one key run in their order. A command may run again after a server said that it did not run.
  ///
  /// - Returns: a reply for each, errors of servers among them.
  /// - Throws: `unavailable`, `timeout`, `busy`, or `CancellationError`.
  func send(_ commands: [RedisCommand], until deadline: ContinuousClock.Instant) async throws -> [RedisReply]

  /// Closes all connections; what was not answered throws, as all does that comes later.
  func close() async
}

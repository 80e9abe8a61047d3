public import Logging
public import Metrics

/// A cache in Redis: one server, a cluster, or a master that Sentinel watches.
///
/// Connections are made when they are needed, one for each server, and shared by all tasks. A server that fails
/// is left alone for a while, during which calls fail at once. A write whose answer did not come is not sent
/// again: whether it was done is unknown.
public final class RedisCache: Cache {
  /// `redis`.
  public let name = "redis"
  let servers: any RedisServers
  let prefix: [UInt8]
  let commandTimeout: Duration
  let signals: RedisSignals

  /// Makes a cache of a URL, as ``RedisConfiguration/init(url:)`` reads it.
  ///
  /// - Throws: `invalidArgument`.
  public convenience init(_ url: String) throws(TokyoDataError) {
    try self.init(RedisConfiguration(url: url))
  }

  /// Makes a cache.
  ///
  /// - Parameters:
  ///   - configuration: Where Redis is, and how it is used.
  ///   - logger: Where failures of connections are logged; nowhere by default.
  ///   - clock: The clock of pauses after failures.
  ///   - metricsFactory: Where metrics go; the process's own by default.
  /// - Throws: `invalidArgument` for a configuration that makes no sense.
  public init(
    _ configuration: RedisConfiguration, logger: Logger? = nil,
    clock: some Clock<Duration> = ContinuousClock(),
    metricsFactory: any MetricsFactory = MetricsSystem.factory
  ) throws(TokyoDataError) {
    try configuration.check()
    prefix = Array(configuration.keyPrefix.utf8)
    commandTimeout = configuration.commandTimeout
    let signals = RedisSignals(logger: logger ?? .silent, factory: metricsFactory)
    self.signals = signals
    let clock = RedisClock(clock)
    switch configuration.topology {
    case .single(let endpoint):
      servers = RedisNode(configuration, signals, clock) { deadline in
        try await RedisConnection.open(
          endpoint, configuration, signals, until: deadline,
          setup: ConnectionSetup(
            user: configuration.user, password: configuration.password, database: configuration.database,
            clientName: configuration.clientName))
      }
    case .cluster(let seeds): servers = RedisCluster(seeds, configuration, signals, clock)
    case .sentinel(let master, let sentinels):
      let discovery = SentinelDiscovery(
        master: master, sentinels: sentinels, configuration: configuration, signals: signals)
      servers = RedisNode(configuration, signals, clock) { try await discovery.open(until: $0) }
    }
  }

  /// Closes the connections; what is under way fails as `unavailable`.
  public func close() async {
    await servers.close()
  }

  /// Does a call of the cache within its time, and shows how it went.
  func perform<Result>(
    _ operation: RedisSignals.Operation, _ body: (ContinuousClock.Instant) async throws -> Result
  ) async throws -> Result {
    let start = ContinuousClock.now
    do {
      try Task.checkCancellation()
      let result = try await body(start + commandTimeout)
      signals.note(operation, took: .now - start)
      return result
    } catch let error as TokyoDataError {
      signals.note(operation, took: .now - start)
      signals.noteFailure(error.code)
      throw error.adding(.init(store: name, operation: operation.rawValue))
    }
  }

  /// The key as the server has it.
  func wireKey(_ key: CacheKey) -> [UInt8] { prefix + key.bytes }
}

internal import Synchronization

/// One server behind one connection, which is made when it is needed and made anew after it ended.
///
/// Where the server is may be asked anew each time: under Sentinel the master changes.
final class RedisNode: RedisServers {
  typealias Opening = @Sendable (_ deadline: ContinuousClock.Instant) async throws -> RedisConnection

  private let state: Mutex<NodeState>
  private let attempt = SharedAttempt<RedisConnection>()
  private let connectTimeout: Duration
  private let signals: RedisSignals
  private let clock: RedisClock
  private let open: Opening

  /// - Parameter open: Makes a connection until the deadline it is given.
  init(
    _ configuration: RedisConfiguration, _ signals: RedisSignals, _ clock: RedisClock,
    open: @escaping Opening
  ) {
    state = Mutex(NodeState(CircuitBreaker(configuration, seed: .random(in: 0 ... .max))))
    connectTimeout = configuration.connectTimeout
    self.signals = signals
    self.clock = clock
    self.open = open
  }

  func groups(of keys: [[UInt8]]) -> [[Int]] { [Array(keys.indices)] }

  func send(
    _ commands: [RedisCommand], until deadline: ContinuousClock.Instant
  ) async throws -> [RedisReply] {
    try Task.checkCancellation()
    guard !commands.isEmpty else { return [] }
    let connection = try await connection(until: deadline)
    let replies = try await connection.send(commands, until: deadline)
    // What was the master takes no writes any more: the next call looks for the one that is.
    if replies.contains(where: { $0.isError(.readOnly) }) {
      state.withLock { $0.drop(connection) }
      await connection.close()
    }
    return replies
  }

  func close() async {
    await change { $0.close() }?.close()
  }

  private func connection(until deadline: ContinuousClock.Instant) async throws -> RedisConnection {
    switch change({ $0.move(at: clock.now()) }) {
    case .use(let connection): connection
    case .fail(let error): throw error
    case .connect: try await attempt.value(until: deadline) { try await self.connect() }
    }
  }

  private func connect() async throws -> RedisConnection {
    let connection: RedisConnection
    do {
      connection = try await open(.now + connectTimeout)
    } catch {
      signals.noteFailedConnection(error)
      change { $0.noteFailedAttempt(at: clock.now()) }
      throw error
    }
    guard change({ $0.take(connection) }) else {
      await connection.close()
      throw TokyoDataError(RedisConnectionError(.closed))
    }
    return connection
  }

  /// Changes the state and shows what the breaker makes of it.
  private func change<Value>(_ body: (inout NodeState) -> sending Value) -> sending Value {
    let (value, before, after) = state.withLock { state in
      let before = state.breaker.phase
      return (body(&state), before, state.breaker.phase)
    }
    if before != after { signals.noteBreaker(from: before, to: after) }
    return value
  }
}

extension RedisReply {
  func isError(_ code: RedisServerError.Code) -> Bool {
    if case .error(let error) = self { error.code == code } else { false }
  }
}

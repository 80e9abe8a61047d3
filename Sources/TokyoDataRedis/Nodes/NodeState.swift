internal import Synchronization

/// What a node knows of its connection.
struct NodeState {
  /// What a call that needs the connection is to do.
  enum Move {
    case use(RedisConnection)
    /// Make one, or wait for the one that is being made.
    case connect
    case fail(TokyoDataError)
  }

  private var connection: RedisConnection?
  private(set) var breaker: CircuitBreaker
  private var isClosed = false

  init(_ breaker: CircuitBreaker) {
    self.breaker = breaker
  }

  mutating func move(at now: Duration) -> Move {
    guard !isClosed else { return .fail(TokyoDataError(RedisConnectionError(.closed))) }
    if let connection {
      guard let end = connection.end.withLock({ $0 }) else { return .use(connection) }
      self.connection = nil
      // The first call that was answered set the connection up.
      if connection.answered.load(ordering: .relaxed) > 1 { breaker.noteAnswer() }
      if end.isFailure { breaker.noteFailure(at: now) }
    }
    guard breaker.admits(at: now) else {
      return .fail(
        TokyoDataError(.unavailable, "the server has failed and is left alone for a moment"))
    }
    return .connect
  }

  /// Takes a new connection; false where it is of no use any more.
  mutating func take(_ connection: RedisConnection) -> Bool {
    breaker.noteConnection()
    guard !isClosed else { return false }
    self.connection = connection
    return true
  }

  mutating func noteFailedAttempt(at now: Duration) {
    if !isClosed { breaker.noteFailure(at: now) }
  }

  /// Lets go of a connection that turned out to be the wrong one.
  mutating func drop(_ connection: RedisConnection) {
    if self.connection === connection { self.connection = nil }
  }

  mutating func close() -> RedisConnection? {
    isClosed = true
    // Nothing is left alone any more that nobody asks for.
    breaker.reset()
    defer { connection = nil }
    return connection
  }
}

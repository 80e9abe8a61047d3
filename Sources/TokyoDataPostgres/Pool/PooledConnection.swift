internal import TokyoDataCore

/// What a pool needs of its connections.
protocol PooledConnection: AnyObject, Sendable {
  /// It is open, and whoever had it left nothing running in it.
  var isAtRest: Bool { get async }
  /// The same, and the other side has said nothing that means otherwise; asks it only if it said something.
  func isFit(within limit: Duration) async -> Bool
  /// Asks the other side for an answer.
  func isAlive(within limit: Duration) async -> Bool
  func close() async
}

extension PostgresConnection: PooledConnection {
  nonisolated var isAtRest: Bool {
    get async { await look { $0.isReusable } }
  }

  nonisolated func isFit(within limit: Duration) async -> Bool {
    // A server that ends an idle session says so, and hangs up a little later; what else an idle session
    // hears is harmless. So whatever has come, an answer tells.
    if await look({ $0.isReusable && !$0.link.hasInput }) { return true }
    guard await isReusable else { return false }
    return await isAlive(within: limit)
  }

  /// Looks at the session from the calling thread, or in its turn where it is at work.
  private nonisolated func look(_ isSo: @Sendable (isolated PostgresConnection) -> Bool) async -> Bool {
    if let seen = executor.visit({ assumeIsolated { isSo($0) } }) { return seen }
    return await isSo(self)
  }

  func isAlive(within limit: Duration) async -> Bool {
    // An empty statement takes one round trip and nothing else. The caller's cancellation says nothing
    // about the connection.
    let limits = CallLimits(deadline: .now + limit, isCancellable: false)
    do { try await execute(script: "", nil, limits) } catch { return false }
    return isReusable
  }
}

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
    get async {
      if let isReusable = executor.visit({ assumeIsolated { $0.isReusable } }) { return isReusable }
      return await isReusable
    }
  }

  nonisolated func isFit(within limit: Duration) async -> Bool {
    // A server that ends an idle session says so, and hangs up a little later; what else an idle session
    // hears is harmless. So whatever has come, an answer tells.
    let isSilent: Bool
    if let seen = executor.visit({ assumeIsolated { $0.isSilent } }) {
      isSilent = seen
    } else {
      isSilent = await self.isSilent
    }
    if isSilent { return true }
    guard await isReusable else { return false }
    return await isAlive(within: limit)
  }

  private var isSilent: Bool { isReusable && !link.hasInput }

  func isAlive(within limit: Duration) async -> Bool {
    // An empty statement takes one round trip and nothing else. The caller's cancellation says nothing
    // about the connection.
    let limits = CallLimits(deadline: .now + limit, isCancellable: false)
    do { try await execute(script: "", nil, limits) } catch { return false }
    return isReusable
  }
}

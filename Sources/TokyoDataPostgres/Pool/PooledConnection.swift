/// What a pool needs of its connections.
protocol PooledConnection: AnyObject, Sendable {
  /// It is open, and whoever had it left nothing running in it.
  var isReusable: Bool { get async }
  /// The same, and the other side has said nothing that means otherwise; asks it only if it said something.
  func isFit(within limit: Duration) async -> Bool
  /// Asks the other side for an answer.
  func isAlive(within limit: Duration) async -> Bool
  func close() async
}

extension PostgresConnection: PooledConnection {
  func isFit(within limit: Duration) async -> Bool {
    guard isReusable else { return false }
    // A server that ends an idle session says so, and hangs up a little later; what else an idle session
    // hears is harmless. So whatever has come, an answer tells.
    let now = CallLimits(deadline: .now, isCancellable: false)
    let outcome = await wait(executor.makeWaitID(), for: .readable, on: link.socket, now)
    return outcome == .deadlinePassed ? isReusable : await isAlive(within: limit)
  }

  func isAlive(within limit: Duration) async -> Bool {
    // An empty statement takes one round trip and nothing else. The caller's cancellation says nothing
    // about the connection.
    let limits = CallLimits(deadline: .now + limit, isCancellable: false)
    do { try await execute(script: "", nil, limits) } catch { return false }
    return isReusable
  }
}

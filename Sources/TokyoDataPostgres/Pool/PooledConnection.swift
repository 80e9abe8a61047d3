/// What a pool needs of its connections.
protocol PooledConnection: AnyObject, Sendable {
  /// It is open, and whoever had it left nothing running in it.
  var isReusable: Bool { get async }
  /// The same, after a look at what the other side has said meanwhile; asks it nothing.
  func isFit() async -> Bool
  /// Asks the other side for an answer.
  func isAlive(within limit: Duration) async -> Bool
  func close() async
}

extension PostgresConnection: PooledConnection {
  func isFit() -> Bool {
    guard isReusable else { return false }
    do {
      // A server that ends an idle session says so, then hangs up: the first look takes in what it said,
      // the second meets the end.
      try link.consumeInput()
      _ = link.isBusy
      try link.consumeInput()
    } catch { return false }
    return isReusable
  }

  func isAlive(within limit: Duration) async -> Bool {
    guard isFit() else { return false }
    // An empty statement takes one round trip and nothing else.
    do { try await execute(script: "", timeout: limit) } catch { return false }
    return isReusable
  }
}

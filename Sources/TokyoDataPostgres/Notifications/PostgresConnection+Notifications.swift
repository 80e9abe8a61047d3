extension PostgresConnection {
  /// Waits until notifications come in on the channels that the session listens on.
  ///
  /// None is lost where this throws: what was not returned waits for the next call.
  func nextNotifications(_ limits: CallLimits) async throws -> [PostgresNotification] {
    try await perform(nil, limits) {
      while true {
        let taken = self.link.takeNotifications()
        if !taken.isEmpty { return taken }
        try await self.ready(.readable, limits)
        try self.link.consumeInput()
        guard self.link.isOpen else {
          throw PostgresError(.connectionLost, "the session ended while it listened")
        }
      }
    }
  }
}

extension PostgresTransaction {
  /// Tells those who listen on a channel, once the transaction has committed.
  ///
  /// The server takes payloads below 8,000 bytes, and sends equal ones of one transaction once.
  ///
  /// - Throws: `PostgresError`, `CancellationError`.
  public func notify(_ channel: String, _ payload: String = "") async throws {
    try await execute("SELECT pg_notify(\(channel), \(payload))")
  }
}

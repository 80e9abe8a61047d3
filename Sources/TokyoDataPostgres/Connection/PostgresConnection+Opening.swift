internal import TokyoDataCore

extension PostgresConnection {
  /// Connects and sets the session up.
  func open() async throws {
    let limits = CallLimits(timeout: configuration.connectTimeout)
    try limits.check()
    _ = turns.takeIfFree()
    defer { turns.pass(executor) }
    do {
      try link.start(configuration.parameters)
      // Libpq asks for the socket to be writable before its first poll.
      var progress = ServerLink.Progress.needsWrite
      while progress == .needsRead || progress == .needsWrite {
        try await ready(progress == .needsRead ? .readable : .writable, limits)
        progress = link.continueConnecting()
      }
      guard progress == .connected else { throw link.connectFailure() }
      statements.removeAll()
      try link.send(script: configuration.sessionSetup)
      try await finishCommand(limits)
    } catch {
      closeLink()
      throw error
    }
  }
}

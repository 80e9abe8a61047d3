internal import TokyoDataCore

/// Knowing statements: described once, then run by name, or whole where a proxy stands between.
extension PostgresConnection {
  /// Makes a statement known if it is not yet; whoever calls has the turn.
  func know(_ key: StatementCache.Key, _ limits: CallLimits) async throws -> StatementCache.Entry {
    if let known = statements.entry(for: key) { return known }
    let name = configuration.isBehindTransactionPooler ? "" : statements.makeName()
    let columns = try await describe(key, name: name, limits)
    if let forgotten = statements.insert(key, name: name, columns: columns) {
      // Within a failed transaction the server keeps it, which costs a little memory there.
      try? await forget(forgotten, limits)
    }
    guard let known = statements.entry(for: key) else {
      throw PostgresError(.protocolViolation, "a statement that was prepared is unknown")
    }
    return known
  }

  /// Prepares and describes in one group: a transaction-pooling proxy may send the next to another server.
  func describe(
    _ key: StatementCache.Key, name: String, _ limits: CallLimits
  ) async throws -> [ServerResult.Column] {
    try link.enterPipeline()
    try link.sendPrepare(name, key.sql, types: key.types)
    try link.sendDescribe(name)
    try link.endGroup()
    try await flush(limits)
    var columns: [ServerResult.Column] = []
    var failure: PostgresError?
    reading: while true {
      guard let result = try await nextResult(limits) else {
        guard link.isOpen else { throw link.failure(.connectionLost, "the session ended") }
        continue
      }
      switch result.kind {
      case .groupEnd: break reading
      case .failed: failure = failure ?? error(of: result)
      default: if result.columnCount > 0 { columns = result.columns }
      }
    }
    try link.exitPipeline()
    if let failure { throw failure }
    return columns
  }

  private func forget(_ name: String, _ limits: CallLimits) async throws {
    try link.send(script: "DEALLOCATE \(name)")
    try await finishCommand(limits)
  }

  /// Sends a known statement by its name, or whole where it has none.
  func sendKnown(
    _ known: StatementCache.Entry, _ key: StatementCache.Key, _ parameters: [EncodedParameter], isBinary: Bool
  ) throws(PostgresError) {
    if known.name.isEmpty {
      try link.send(key.sql, parameters, binaryResults: isBinary)
    } else {
      try link.sendPrepared(known.name, parameters, binaryResults: isBinary)
    }
  }

  /// The server no longer has the statement as it was described; it is then forgotten here too.
  func isStale(_ error: any Error, _ key: StatementCache.Key) -> Bool {
    guard let state = PostgresServerError(in: error)?.sqlState else { return false }
    // 0A000 also means other things, but then a statement described anew fails the same way.
    guard state == .invalidStatementName || state == .featureNotSupported else { return false }
    statements.remove(key)
    return true
  }

  /// Refuses what a proxy that lends servers for a transaction only cannot do.
  nonisolated func requireOwnSession(for what: String) throws(PostgresError) {
    guard !configuration.isBehindTransactionPooler else {
      throw PostgresError(
        .unsupportedByPooler, "\(what) needs a session of its own: connect past the transaction pooler")
    }
  }
}

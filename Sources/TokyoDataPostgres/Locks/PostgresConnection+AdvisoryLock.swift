extension PostgresConnection {
  /// Runs `body` while the session holds an advisory lock, whatever transactions begin and end meanwhile.
  ///
  /// The lock is given back when `body` returns or throws, in a canceled task too; a session that cannot give
  /// it back is closed, which frees it. Locks of a session nest. Not through a pooler in transaction mode,
  /// where the next statement may be another session's.
  ///
  /// - Throws: what `body` throws, as it is; `PostgresError`; `CancellationError` when canceled while waiting.
  @discardableResult
  public nonisolated func withAdvisoryLock<Result>(
    _ key: PostgresAdvisoryKey, _ mode: PostgresAdvisoryMode = .exclusive,
    _ body: () async throws -> Result
  ) async throws -> Result {
    try requireOwnSession(for: "a lock of the session")
    do {
      try await execute("SELECT pg_advisory_lock\(unescaped: mode.suffix)(\(key.arguments))")
    } catch {
      await closeIfHeld(key)
      throw error
    }
    do {
      let result = try await body()
      await unlock(key, mode)
      return result
    } catch {
      await unlock(key, mode)
      throw error
    }
  }

  private var cleaning: CallLimits {
    CallLimits(deadline: .now + configuration.cancelTimeout, isCancellable: false)
  }

  /// A session's lock outlives its statement: one that was canceled may have got it just before.
  private func closeIfHeld(_ key: PostgresAdvisoryKey) async {
    guard link.isOpen, holds.isEmpty else { return }
    let held = try? await query(key.isHeldHere, as: nil, nil, cleaning).columns[0][0]
    if held != .bool(false) { close() }
  }

  private func unlock(_ key: PostgresAdvisoryKey, _ mode: PostgresAdvisoryMode) async {
    let statement: PostgresStatement =
      "SELECT pg_advisory_unlock\(unescaped: mode.suffix)(\(key.arguments)) AS unlocked"
    let unlocked = try? await query(statement, as: nil, nil, cleaning).columns[0][0]
    if unlocked != .bool(true) { close() }
  }
}

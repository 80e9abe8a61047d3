internal import Synchronization

/// Upkeep and the end.
extension ConnectionPool {
  /// Opens the minimum of connections and keeps them young and healthy until the pool is shut down.
  func keep() async {
    await handle { state, now in ((), state.pool.keep(at: now)) }
  }

  /// No more leases; lent connections are closed when they come back.
  func close() async {
    await beginShutdown(within: nil)
  }

  /// No more leases; waits until all lent connections came back or the time has passed, then closes them.
  ///
  /// A canceled task waits for none.
  func shutDown(within limit: Duration) async {
    await withTaskCancellationHandler {
      await beginShutdown(within: limit)
      await withCheckedContinuation { continuation in
        let hasFinished = state.withLock { state in
          if !state.pool.hasFinished { state.finishers.append(continuation) }
          return state.pool.hasFinished
        }
        if hasFinished { continuation.resume() }
      }
    } onCancel: {
      Task.detached { await self.beginShutdown(within: .zero) }
    }
  }

  /// Runs `hook` once when the pool is shut down; at once where it has been.
  func whenShutDown(_ hook: @escaping @Sendable () -> Void) {
    let isShutDown = state.withLock { state in
      if !state.pool.isShutDown { state.shutdownHooks.append(hook) }
      return state.pool.isShutDown
    }
    if isShutDown { hook() }
  }

  private func beginShutdown(within limit: Duration?) async {
    let hooks = await handle { state, now in
      let actions = state.pool.shutDown(by: limit.map { now + $0 }, at: now)
      for attempt in state.attempts.values { attempt.cancel() }
      defer { state.shutdownHooks = [] }
      return (state.shutdownHooks, actions)
    }
    for hook in hooks { hook() }
  }
}

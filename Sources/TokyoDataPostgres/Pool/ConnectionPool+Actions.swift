internal import Logging
internal import Synchronization

/// Events into the state, its actions out of it.
extension ConnectionPool {
  /// What an event left to do once the lock is free.
  private struct Rest {
    var answers: [(CheckedContinuation<Answer, Never>, Answer)] = []
    var closings: [(Connection, CloseReason)] = []
    var finishers: [CheckedContinuation<Void, Never>] = []
  }

  /// Lets an event happen and carries out what the state asks for.
  @discardableResult
  func handle<Result: Sendable>(
    _ event: (inout State, PoolMoment) -> (Result, [PoolState<ID>.Action])
  ) async -> Result {
    let (result, rest) = state.withLock { state in
      let now = clock.now()
      let (result, actions) = event(&state, now)
      var rest = Rest()
      for action in actions { begin(action, &state, &rest) }
      arrangeTimer(&state)
      showCounts(&state)
      return (result, rest)
    }
    for (continuation, answer) in rest.answers { continuation.resume(returning: answer) }
    for finisher in rest.finishers { finisher.resume() }
    for (connection, reason) in rest.closings { await close(connection, reason) }
    return result
  }

  private func begin(_ action: PoolState<ID>.Action, _ state: inout State, _ rest: inout Rest) {
    switch action {
    case .open: beginAttempt(&state)
    case .check(let id):
      guard let connection = state.connections[id] else { return }
      Task.detached { await self.check(connection) }
    case .grant(let request, let id):
      guard let connection = state.connections[id] else { return }
      tell(request, .connection(connection), &state, &rest)
    case .fail(let request, let failure):
      tell(request, .failure(error(for: failure, state)), &state, &rest)
    case .close(let id, let reason):
      if let connection = state.connections[id] { rest.closings.append((connection, reason)) }
    case .finish:
      rest.finishers = state.finishers
      state.finishers = []
    }
  }

  private func tell(
    _ request: PoolRequest, _ answer: Answer, _ state: inout State, _ rest: inout Rest
  ) {
    if let continuation = state.answer(request, answer) { rest.answers.append((continuation, answer)) }
  }

  /// Gauges follow in the order of the events.
  func showCounts(_ state: inout State) {
    let counts = state.pool.counts
    guard counts != state.shownCounts else { return }
    metrics.record(counts, insteadOf: state.shownCounts)
    state.shownCounts = counts
  }

  // MARK: Connections

  private func beginAttempt(_ state: inout State) {
    state.lastAttempt += 1
    let number = state.lastAttempt
    state.attempts[number] = Task.detached { await self.attempt(number) }
  }

  private func attempt(_ number: UInt64) async {
    let start = clock.now()
    do {
      let connection = try await open()
      metrics.noteOpened(after: clock.now() - start)
      logger.debug("opened a connection")
      await handle { state, now in
        state.attempts[number] = nil
        state.connections[ID(connection)] = connection
        return ((), state.pool.opened(ID(connection), at: now))
      }
    } catch {
      metrics.noteAttemptFailed()
      let failures = await handle { state, now in
        state.attempts[number] = nil
        state.lastError = error
        let actions = state.pool.openFailed(at: now)
        return (state.pool.failures, actions)
      }
      guard !(error is CancellationError) else { return }
      logger
        .with(.error, (error as? PostgresError)?.code.description ?? "other")
        .with(.failures, "\(failures)")
        .warning("could not open a connection")
    }
  }

  private func check(_ connection: Connection) async {
    let isAlive = await connection.isAlive(within: configuration.healthCheckTimeout)
    await handle { state, now in ((), state.pool.checked(ID(connection), isAlive: isAlive, at: now)) }
  }

  private func close(_ connection: Connection, _ reason: CloseReason) async {
    metrics.noteClosed(reason)
    logger.with(.reason, reason.rawValue).debug("closed a connection")
    await connection.close()
    await handle { state, now in
      let actions = state.pool.closed(ID(connection), at: now)
      state.connections[ID(connection)] = nil
      return ((), actions)
    }
  }

  // MARK: Time

  /// Sees to it that somebody wakes the pool when it is due; once too often does no harm.
  private func arrangeTimer(_ state: inout State) {
    guard let due = state.pool.nextTick else { return }
    if let timer = state.timer {
      guard due < timer.due else { return }
      timer.task.cancel()
    }
    // The timer does not keep the pool alive.
    let task = Task.detached { [weak self, clock] in
      do { try await clock.sleep(due) } catch { return }
      await self?.tick(due)
    }
    state.timer = (due, task)
  }

  private func tick(_ due: PoolMoment) async {
    await handle { state, now in
      if state.timer?.due == due { state.timer = nil }
      return ((), state.pool.tick(at: now))
    }
  }
}

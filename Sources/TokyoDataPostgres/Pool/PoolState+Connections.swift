/// The lives of connections, as the shell reports them.
extension PoolState {
  /// An attempt to connect succeeded.
  mutating func opened(_ id: ID, at now: PoolMoment) -> [Action] {
    opening -= 1
    failures = 0
    hasOpened = true
    let lifetime = configuration.lifetimeLimit.map {
      jitter.shortened($0, byAtMost: configuration.lifetimeJitter)
    }
    records[id] = Record(
      phase: .idle, usedAt: now, provenAt: now, retiresAt: lifetime.map { now + $0 })
    var actions: [Action] = []
    settle(id, at: now, &actions)
    return actions
  }

  /// An attempt to connect failed.
  mutating func openFailed(at now: PoolMoment) -> [Action] {
    opening -= 1
    var actions: [Action] = []
    guard !isShutDown else {
      finishIfEmpty(&actions)
      return actions
    }
    // Attempts that began together count as one.
    if failures == 0 || retryAt <= now {
      failures += 1
      retryAt = now + retryDelay()
    }
    let isHopeless = !hasOpened || configuration.leaseTimeout == nil
    if isHopeless, live == 0, opening == 0 { failAll(.connectionFailed, &actions) }
    return actions
  }

  private mutating func retryDelay() -> Duration {
    var delay = configuration.firstRetryDelay
    // Doubling as often as this reaches any limit, so the count of failures may be what it wants.
    for _ in 1..<min(max(failures, 1), 64) where delay < configuration.longestRetryDelay { delay = delay * 2 }
    return jitter.shortened(min(delay, configuration.longestRetryDelay), byAtMost: 0.5)
  }

  /// A check is over.
  mutating func checked(_ id: ID, isAlive: Bool, at now: PoolMoment) -> [Action] {
    guard records[id]?.phase == .checking else { return [] }
    checking -= 1
    var actions: [Action] = []
    if isAlive {
      records[id]?.provenAt = now
      settle(id, at: now, &actions)
    } else {
      close(id, isShutDown ? .shutdown : .unhealthy, &actions)
      serve(at: now, &actions)
    }
    return actions
  }

  /// A connection is closed, so there is room for another.
  mutating func closed(_ id: ID, at now: PoolMoment) -> [Action] {
    guard records[id]?.phase == .closing else { return [] }
    records[id] = nil
    closing -= 1
    var actions: [Action] = []
    serve(at: now, &actions)
    finishIfEmpty(&actions)
    return actions
  }

  // MARK: The end

  /// No more leases: who waits fails, idle connections are closed, lent ones when they come back.
  ///
  /// Those that have not come back by the deadline are closed under whoever has them.
  mutating func shutDown(by deadline: PoolMoment?, at now: PoolMoment) -> [Action] {
    if let deadline { shutdownDeadline = shutdownDeadline.map { min($0, deadline) } ?? deadline }
    var actions: [Action] = []
    if !isShutDown {
      isShutDown = true
      failAll(.shutDown, &actions)
      for id in idle { close(id, .shutdown, &actions) }
      idle = []
    }
    closeLate(at: now, &actions)
    finishIfEmpty(&actions)
    return actions
  }

  /// Closes what is lent beyond the deadline of a shutdown.
  mutating func closeLate(at now: PoolMoment, _ actions: inout [Action]) {
    guard isShutDown, let shutdownDeadline, shutdownDeadline <= now, lent > 0 else { return }
    for (id, record) in records where record.phase == .lent {
      lent -= 1
      close(id, .shutdown, &actions)
    }
  }

  mutating func failAll(_ failure: PoolFailure, _ actions: inout [Action]) {
    for request in line.removeAll() { actions.append(.fail(request, failure)) }
  }

  private mutating func finishIfEmpty(_ actions: inout [Action]) {
    guard isShutDown, !hasFinished, total == 0 else { return }
    hasFinished = true
    actions.append(.finish)
  }
}

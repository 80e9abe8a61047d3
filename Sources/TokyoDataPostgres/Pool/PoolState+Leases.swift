/// Leases: from the request to the connection's return.
extension PoolState {
  /// Somebody wants a connection.
  mutating func lease(at now: PoolMoment) -> (Lease, [Action]) {
    guard !isShutDown else { return (.refused(.shutDown), []) }
    keepsMinimum = true
    lastNumber += 1
    let request = PoolRequest(number: lastNumber, deadline: configuration.leaseTimeout.map { now + $0 })
    var actions: [Action] = []
    closeOldest(at: now, &actions)
    // The usual case, without a detour through the line.
    if line.isEmpty, let id = popFresh(at: now, &actions) {
      lend(id)
      fill(at: now, &actions)
      return (.granted(request, id), actions)
    }
    line.insert(request)
    serve(at: now, &actions)
    if line.count - opening - checking > configuration.maximumWaiters, line.remove(request) {
      return (.refused(.tooManyWaiters), actions)
    }
    return (.waits(request), actions)
  }

  /// A request found its connection dead: it returns to its place in line.
  mutating func retry(_ request: PoolRequest, insteadOf id: ID, at now: PoolMoment) -> (Lease, [Action]) {
    var actions: [Action] = []
    if records[id]?.phase == .lent {
      lent -= 1
      close(id, isShutDown ? .shutdown : .unhealthy, &actions)
    }
    guard !isShutDown else { return (.refused(.shutDown), actions) }
    line.insert(request)
    serve(at: now, &actions)
    return (.waits(request), actions)
  }

  /// A request gives up; false where it has been answered already.
  mutating func cancel(_ request: PoolRequest) -> Bool {
    line.remove(request)
  }

  /// A lease ends; `isReusable` where another may have the connection.
  mutating func giveBack(_ id: ID, isReusable: Bool, at now: PoolMoment) -> [Action] {
    guard records[id]?.phase == .lent else { return [] }
    lent -= 1
    records[id]?.usedAt = now
    records[id]?.provenAt = now
    var actions: [Action] = []
    guard isReusable else {
      close(id, isShutDown ? .shutdown : .broken, &actions)
      return actions
    }
    settle(id, at: now, &actions)
    closeOldest(at: now, &actions)
    return actions
  }

  /// A lease would have a connection without anybody else's doing.
  func hasRoom(at now: PoolMoment) -> Bool {
    guard !isShutDown, line.isEmpty else { return false }
    return !idle.isEmpty || total < configuration.maximumConnections && mayOpen(at: now)
  }

  /// A lent connection is past its life, so who keeps it long should give it back.
  func isRetired(_ id: ID, at now: PoolMoment) -> Bool {
    guard let record = records[id] else { return true }
    return record.phase == .closing || (record.retiresAt.map { $0 <= now } ?? false)
  }

  // MARK: Serving

  /// Gives idle connections to those who wait, and sees to it that the others get some.
  mutating func serve(at now: PoolMoment, _ actions: inout [Action]) {
    while !line.isEmpty, let id = popFresh(at: now, &actions), let request = line.popFirst() {
      lend(id)
      actions.append(.grant(request, id))
    }
    // What is idle now has not been used for long.
    while hasUnserved, let id = idle.popLast() { check(id, &actions) }
    fill(at: now, &actions)
  }

  /// Opens what those who wait and the minimum lack.
  mutating func fill(at now: PoolMoment, _ actions: inout [Action]) {
    guard !isShutDown else { return }
    while hasUnserved || isBelowMinimum, total < configuration.maximumConnections, mayOpen(at: now) {
      opening += 1
      actions.append(.open)
    }
  }

  private func mayOpen(at now: PoolMoment) -> Bool {
    failures == 0 || opening == 0 && retryAt <= now
  }

  /// Takes the most recently used idle connection if it needs no check; closes those whose life is over.
  private mutating func popFresh(at now: PoolMoment, _ actions: inout [Action]) -> ID? {
    while let id = idle.last, let record = records[id] {
      if let end = record.retiresAt, end <= now {
        idle.removeLast()
        close(id, .lifetime, &actions)
        continue
      }
      // One that has proven itself at this very moment need not do so again.
      if let limit = configuration.healthCheckAfter, record.provenAt < now, record.provenAt + limit <= now {
        return nil
      }
      idle.removeLast()
      return id
    }
    return nil
  }

  private mutating func lend(_ id: ID) {
    lent += 1
    records[id]?.phase = .lent
  }

  mutating func check(_ id: ID, _ actions: inout [Action]) {
    checking += 1
    records[id]?.phase = .checking
    actions.append(.check(id))
  }

  /// A connection is free and alive: it goes to who waits, to the idle ones, or away.
  mutating func settle(_ id: ID, at now: PoolMoment, _ actions: inout [Action]) {
    guard let record = records[id] else { return }
    if isShutDown { return close(id, .shutdown, &actions) }
    if let end = record.retiresAt, end <= now {
      close(id, .lifetime, &actions)
    } else {
      records[id]?.phase = .idle
      let place = idle.lastIndex { (records[$0]?.usedAt ?? .zero) <= record.usedAt }
      idle.insert(id, at: place.map { $0 + 1 } ?? 0)
      noteUpkeep(of: id)
    }
    serve(at: now, &actions)
  }

  mutating func close(_ id: ID, _ reason: CloseReason, _ actions: inout [Action]) {
    closing += 1
    records[id]?.phase = .closing
    actions.append(.close(id, reason))
  }
}

/// What time brings about.
extension PoolState {
  /// From here on the shell wakes the pool whenever `nextTick` says, until it is shut down.
  mutating func keep(at now: PoolMoment) -> [Action] {
    guard !isShutDown else { return [] }
    isKept = true
    keepsMinimum = true
    return tick(at: now)
  }

  /// Does what is due: requests time out, attempts are repeated, connections age.
  mutating func tick(at now: PoolMoment) -> [Action] {
    var actions: [Action] = []
    closeLate(at: now, &actions)
    while let first = line.first, let deadline = first.deadline, deadline <= now {
      _ = cancel(first)
      let isUnreachable = live == 0 && (failures > 0 || !hasOpened)
      actions.append(.fail(first, isUnreachable ? .connectionFailed : .exhausted))
    }
    if !isShutDown {
      if isKept { keepUp(at: now, &actions) } else { closeOldest(at: now, &actions) }
      serve(at: now, &actions)
    }
    return actions
  }

  /// Closes the connection that has been idle longest if that is too long: upkeep when nobody does it.
  mutating func closeOldest(at now: PoolMoment, _ actions: inout [Action]) {
    guard let oldest = idle.first, let record = records[oldest], let reason = ending(of: record, at: now)
    else { return }
    idle.removeFirst()
    close(oldest, reason, &actions)
  }

  private mutating func keepUp(at now: PoolMoment, _ actions: inout [Action]) {
    for id in idle {
      guard let record = records[id] else { continue }
      if let reason = ending(of: record, at: now) {
        idle.removeAll { $0 == id }
        close(id, reason, &actions)
      } else if let interval = checkInterval, record.provenAt + interval <= now {
        idle.removeAll { $0 == id }
        check(id, &actions)
      }
    }
    upkeepAt = nil
    for id in idle { noteUpkeep(of: id) }
  }

  private func ending(of record: Record, at now: PoolMoment) -> CloseReason? {
    if let end = record.retiresAt, end <= now { return .lifetime }
    if let limit = configuration.idleLimit, record.usedAt + limit <= now, isAboveMinimum { return .idle }
    return nil
  }

  /// Upkeep asks less often than leases may have to.
  private var checkInterval: Duration? { configuration.healthCheckAfter.map { max($0, .seconds(1)) } }

  private var isAboveMinimum: Bool { live + opening > configuration.minimumConnections }

  /// Remembers when an idle connection will need care.
  mutating func noteUpkeep(of id: ID) {
    guard let record = records[id] else { return }
    var moments = [record.retiresAt, checkInterval.map { record.provenAt + $0 }]
    // One more connection may put the oldest above the minimum.
    if isAboveMinimum, let limit = configuration.idleLimit, let oldest = idle.first.flatMap({ records[$0] }) {
      moments.append(oldest.usedAt + limit)
    }
    for case let moment? in moments { upkeepAt = upkeepAt.map { min($0, moment) } ?? moment }
  }
}

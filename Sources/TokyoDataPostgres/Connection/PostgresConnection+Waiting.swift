internal import Synchronization
internal import TokyoDataCore

/// Turns and waits: the only places where the connection's work is suspended.
extension PostgresConnection {
  /// Runs work on the wire when its turn has come, and leaves the wire clean whatever it throws.
  func perform<Result>(
    _ hold: PostgresHold?, _ limits: CallLimits, _ work: () async throws -> Result
  ) async throws -> Result {
    do {
      try limits.check()
      try admit(hold)
      try await takeTurn(limits)
      Self.atWork.wrappingAdd(1, ordering: .relaxed)
      defer {
        Self.atWork.wrappingSubtract(1, ordering: .relaxed)
        endTurn()
      }
      // Whoever had the turn before may have begun a transaction or lost the session.
      try admit(hold)
      do {
        return try await work()
      } catch {
        await cleanUp()
        throw error
      }
    } catch let error as PostgresError where error.code == .deadlineExceeded {
      noteOverdue(hold)
      throw error
    }
  }

  /// A statement that was given up may have been done or not: nothing may build upon it.
  private func noteOverdue(_ hold: PostgresHold?) {
    guard hold != nil, holds.last == hold, let scope = holds.last(where: \.isTransaction) else { return }
    overdue.insert(scope)
  }

  /// The holder of the connection is the one that asks.
  func admit(_ hold: PostgresHold?) throws(PostgresError) {
    guard !isClosing else { throw PostgresError(.closed, "the connection is closed") }
    guard link.isOpen else { throw PostgresError(.closed, "the session has ended") }
    guard holds.last == hold else {
      throw PostgresError(
        .busy,
        hold.map(holds.contains) == false
          ? "the transaction, stream or COPY is over" : "a transaction, stream or COPY holds the connection")
    }
    guard overdue.isEmpty || holds.last(where: \.isTransaction).map(overdue.contains) != true else {
      throw PostgresError(
        .transactionAborted, "a call of the transaction missed its deadline, so it can only be rolled back")
    }
  }

  func takeTurn(_ limits: CallLimits) async throws {
    if turns.takeIfFree() { return }
    let id = executor.makeWaitID()
    turns.enter(id)
    let outcome = await wait(id, for: [], on: -1, limits)
    if turns.leave(id) { return }
    throw outcome == .deadlinePassed ? CallLimits.exceeded : CancellationError()
  }

  func endTurn() {
    turns.pass(executor)
    if isClosing, !turns.isTaken { closeLink() }
  }

  /// Looks for an answer for about as long as it takes to put a thread to sleep and wake it up again, where this
  /// is the only session at work.
  private func lookForInput() throws {
    guard Self.atWork.load(ordering: .relaxed) == 1, patience.isWorthALook() else { return }
    let end = ContinuousClock.now + Patience.limit
    while link.isBusy, ContinuousClock.now < end { try link.consumeInput() }
    patience.note(isAnswered: !link.isBusy)
  }

  /// Waits until the socket is ready.
  ///
  /// - Throws: `CancellationError`, or `PostgresError.deadlineExceeded`, or `.closed`.
  func ready(_ events: ReadinessEvents, _ limits: CallLimits) async throws {
    let outcome = await waitForSocket(events, limits)
    if isClosing { throw PostgresError(.closed, "the connection was closed") }
    switch outcome {
    case .ready: return
    case .deadlinePassed: throw CallLimits.exceeded
    case .interrupted: throw CancellationError()
    }
  }

  /// Waits for the socket in the running job where it can, else by a suspension.
  func waitForSocket(_ events: ReadinessEvents, _ limits: CallLimits) async -> WaitOutcome {
    let id = executor.makeWaitID()
    turns.currentWait = id
    defer { turns.currentWait = nil }
    return await wait(id, for: events, on: link.socket, limits)
  }

  func wait(
    _ id: WaitID, for events: ReadinessEvents, on descriptor: Int32, _ limits: CallLimits
  ) async -> WaitOutcome {
    defer { executor.forget(id) }
    guard limits.isCancellable else { return await wait(id, for: events, on: descriptor, limits.deadline) }
    return await withTaskCancellationHandler {
      await wait(id, for: events, on: descriptor, limits.deadline)
    } onCancel: {
      executor.interrupt(id)
    }
  }

  private func wait(
    _ id: WaitID, for events: ReadinessEvents, on descriptor: Int32, _ deadline: ContinuousClock.Instant?
  ) async -> WaitOutcome {
    if descriptor >= 0, let outcome = executor.waitInJob(for: events, on: descriptor, until: deadline) {
      return outcome
    }
    return await executor.wait(id, for: events, on: descriptor, until: deadline)
  }

  /// Waits until everything that was sent has left.
  func flush(_ limits: CallLimits) async throws {
    while try !link.flush() {
      // A server that answers while we send must be read, or both would wait for ever.
      try await ready([.readable, .writable], limits)
      try link.consumeInput()
    }
  }

  /// The next result of the running command, nil when it has ended.
  func nextResult(_ limits: CallLimits) async throws -> ServerResult? {
    if link.isBusy { try lookForInput() }
    while link.isBusy {
      try await ready(.readable, limits)
      try link.consumeInput()
    }
    return link.nextResult()
  }
}

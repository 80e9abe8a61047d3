internal import Synchronization
internal import TokyoDataCore

/// Independent statements of many tasks share the session: what waits is sent together, each statement as a
/// transaction of its own, and the answers come in order.
///
/// Nobody has to be at work for it: whoever orders a statement sends it where he stands, if the session is free,
/// and the session's thread reads the answers as they come. The pipeline gives the wire up when somebody waits
/// for a turn: transactions, streams and COPY have it for themselves.
extension PostgresConnection {
  /// Statements that are under way in the whole process: the pipelined ones, and one for each turn.
  static let atWork = Atomic(0)
  /// So many answers that are due come one after the other without a pause.
  private static let many = 12

  nonisolated func pipelined(
    _ statement: PostgresStatement, as expected: ColumnSchema?, returnsRows: Bool, _ limits: CallLimits
  ) async throws -> PipelinedStatement.Answer {
    let (sql, parameters) = try statement.rendered()
    let key = StatementCache.Key(sql: sql, types: parameters.map(\.type))
    try limits.check()
    let number = inbox.withLock { $0.makeNumber() }
    let isAlone = Self.atWork.wrappingAdd(1, ordering: .relaxed).newValue == 1
    defer { Self.atWork.wrappingSubtract(1, ordering: .relaxed) }
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        let order = StatementOrder(
          number: number, key: key, parameters: parameters, expected: expected, returnsRows: returnsRows,
          deadline: limits.deadline, isAlone: isAlone, continuation: continuation)
        inbox.withLock { inbox in
          inbox.orders.append(order)
          // A cancellation that came before the order found nothing to cancel.
          if limits.isCancellable, Task.isCancelled { inbox.cancellations.append(number) }
        }
        executor.call()
        if executor.isIsolatingCurrentContext() == true { assumeIsolated { $0.waitInJob(for: number) } }
      }
    } onCancel: {
      // What must run its course, such as giving back a lock, does so in a canceled task too.
      guard limits.isCancellable else { return }
      inbox.withLock { $0.cancellations.append(number) }
      executor.call()
    }
  }

  // MARK: Work

  /// Does what there is to do: takes in orders and answers, and sends what may be sent.
  ///
  /// Runs whenever somebody called, the socket has something, or a deadline has passed.
  @discardableResult
  func attend() -> CallState.Expectation {
    let wasOpen = pipeline.isOpen
    do {
      let isWorthALook = takeOrders()
      if pipeline.isOpen {
        try link.consumeInput()
        try readAnswers()
      }
      try giveUpWhatIsLate()
      try sendWaiting()
      try closeIfEmpty()
      try openIfFree()
      if isWorthALook { try lookForAnswer() }
    } catch { failPipeline(error) }
    watchForMore()
    if pipeline.sentCount >= Self.many { return .muchSoon }
    return wasOpen || pipeline.isOpen ? .readiness : .nothing
  }

  /// Takes in what was ordered or given up; whether an only statement's answer may be worth waiting for.
  private func takeOrders() -> Bool {
    inbox.withLock { $0.take(into: &taken) }
    for order in taken.orders {
      let statement = PipelinedStatement(order)
      do throws(PostgresError) {
        try admit(nil)
        pipeline.add(statement)
      } catch { statement.fail(error) }
    }
    for number in taken.cancellations { abandon(number, because: CancellationError()) }
    return taken.orders.count == 1 && taken.orders[0].isAlone
  }

  // MARK: Reading

  private func readAnswers() throws {
    while let command = pipeline.head, !link.isBusy {
      guard let result = link.nextResult() else {
        // Nothing separates commands; but a session that has ended has no results at all.
        guard link.isOpen else {
          throw link.failure(.connectionLost, "the session ended while a command ran")
        }
        continue
      }
      if result.kind == .groupEnd { try finishHead() } else { try note(result, for: command) }
    }
  }

  /// Looks for the answer to an only statement for about as long as it takes to put a thread to sleep and wake
  /// it up again.
  private func lookForAnswer() throws {
    guard pipeline.isOpen, patience.isWorthALook() else { return }
    executor.lookAway()
    let end = ContinuousClock.now + Patience.limit
    while pipeline.head != nil, inbox.withLock({ $0.isEmpty }), ContinuousClock.now < end {
      try link.consumeInput()
      try readAnswers()
      // What is described only now runs next.
      try sendWaiting()
    }
    patience.note(isAnswered: pipeline.head == nil)
    try closeIfEmpty()
  }

  /// Waits in the job of whoever ordered the statement, on the session's own thread: it would only sleep
  /// anyway, and this spares the way out of the job and back into it.
  private func waitInJob(for number: UInt64) {
    while pipeline.contains(number), pipeline.isOpen {
      let deadline = nearestDeadline()
      guard executor.waitInJob(for: .readable, on: link.socket, until: deadline) != nil else { return }
      attend()
    }
  }

  /// Has the thread look after the socket while answers are due, and after the deadlines.
  private func watchForMore() {
    guard link.isOpen else { return }
    if pipeline.isOpen {
      let isFlushed = (try? link.flush()) ?? true
      executor.watch(
        Watch(
          descriptor: link.socket, events: isFlushed ? .readable : [.readable, .writable],
          deadline: nearestDeadline()))
    } else if let deadline = nearestDeadline() {
      executor.watch(Watch(descriptor: -1, events: [], deadline: deadline))
    }
  }
}

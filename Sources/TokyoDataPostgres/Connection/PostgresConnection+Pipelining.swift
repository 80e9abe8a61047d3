internal import Synchronization
internal import TokyoDataCore

/// Independent statements of many tasks share the session: what waits is sent together, each statement as a
/// transaction of its own, and the answers come in order.
///
/// One task runs the pipeline while there is anything in it. It gives the wire up when somebody waits for a
/// turn: transactions, streams and COPY have it for themselves.
extension PostgresConnection {
  func pipelined(
    _ statement: PostgresStatement, as expected: ColumnSchema?, returnsRows: Bool, _ limits: CallLimits
  ) async throws -> PipelinedStatement.Answer {
    let (sql, parameters) = try statement.rendered()
    let key = StatementCache.Key(sql: sql, types: parameters.map(\.type))
    try limits.check()
    try admit(nil)
    let number = pipeline.makeNumber()
    let statement = PipelinedStatement(
      number, key, parameters, as: expected, returnsRows: returnsRows, deadline: limits.deadline)
    return try await withTaskCancellationHandler {
      pipeline.add(statement)
      if pipeline.isOpen { sendWaiting() }
      if !pipeline.isRunning {
        pipeline.isRunning = true
        await runPipeline(until: statement)
      } else if statement.deadline != nil {
        // Whoever waits for answers may wait beyond it.
        turns.interruptHolder(executor)
      }
      return try await statement.outcome()
    } onCancel: {
      // What must run its course, such as giving back a lock, does so in a canceled task too.
      guard limits.isCancellable else { return }
      Task { await self.abandon(number, because: CancellationError()) }
    }
  }

  // MARK: Sending

  /// Sends what waits, unless somebody else wants the wire.
  private func sendWaiting() {
    guard pipeline.isOpen, !turns.hasWaiting else { return }
    let statements = pipeline.waiting
    pipeline.waiting = []
    do throws(PostgresError) {
      for statement in statements { try send(statement) }
      // What does not fit the socket's buffer leaves when the socket says so.
      if try !link.flush() { turns.interruptHolder(executor) }
    } catch { failPipeline(error) }
  }

  private func send(_ statement: PipelinedStatement) throws(PostgresError) {
    if let preparation = pipeline.preparations[statement.key] {
      preparation.followers.append(statement)
    } else if let known = statements.entry(for: statement.key) {
      try run(statement, known)
    } else {
      let name = configuration.isBehindTransactionPooler ? "" : statements.makeName()
      try link.sendPrepare(name, statement.key.sql, types: statement.key.types)
      try link.sendDescribe(name)
      try link.endGroup()
      pipeline.note(.prepare(StatementPreparation(statement.key, name: name, first: statement)))
    }
  }

  private func run(_ statement: PipelinedStatement, _ known: StatementCache.Entry) throws(PostgresError) {
    if statement.returnsRows {
      do throws(PostgresError) {
        statement.plan = try statements.plan(for: statement.key, as: statement.expected)
      } catch { return statement.fail(error) }
    }
    if let setup = configuration.statementSetup {
      // In the same group, hence in the same transaction.
      try link.send(setup, [], binaryResults: false)
      statement.isBehindSetup = true
    }
    try sendKnown(known, statement.key, statement.parameters, isBinary: statement.plan?.isBinary ?? false)
    try link.endGroup()
    pipeline.note(.run(statement))
  }

  // MARK: Answers

  /// Runs the pipeline until nothing is in it, or until the answer to the caller's own statement is there: if
  /// there are others, a task of its own then goes on.
  private func runPipeline(until own: PipelinedStatement?) async {
    while pipeline.isOpen || !pipeline.waiting.isEmpty {
      if let own, own.isAnswered {
        Task { await self.runPipeline(until: nil) }
        return
      }
      do {
        if !pipeline.isOpen { try await openPipeline() }
        if pipeline.isOpen { try await readAnswers(until: own) }
        if pipeline.isOpen { continue }
        try await outlastCancelRequest()
      } catch {
        failPipeline(error)
      }
      endTurn()
    }
    pipeline.isRunning = false
  }

  private func openPipeline() async throws {
    try await takeTurn(CallLimits(deadline: nil, isCancellable: false))
    do { try admit(nil) } catch {
      // Whoever had the turn before has begun a transaction, or lost the session: nothing was sent.
      for statement in pipeline.takeAll().waiting { statement.fail(error) }
      return
    }
    try link.enterPipeline()
    pipeline.isOpen = true
    pipeline.hasCanceled = false
    if link.takeSingleRowMode() {
      // The first command of a pipeline would still get its rows one by one; an empty group takes its place.
      try link.endGroup()
      pipeline.note(.forget)
    }
    sendWaiting()
  }

  private func readAnswers(until own: PipelinedStatement?) async throws {
    while let command = pipeline.head {
      while link.isBusy {
        if let own, own.isAnswered { return }
        try await waitForAnswer()
      }
      guard let result = link.nextResult() else {
        // Nothing separates commands; but a session that has ended has no results at all.
        guard link.isOpen else {
          throw link.failure(.connectionLost, "the session ended while a command ran")
        }
        continue
      }
      if result.kind == .groupEnd {
        try finishHead()
        sendWaiting()
      } else {
        try note(result, for: command)
      }
    }
    // Without a pause since the last look: nothing can have been sent behind it.
    pipeline.isOpen = false
    try link.exitPipeline()
  }

  private func note(_ result: borrowing ServerResult, for command: Pipeline.Command) throws {
    switch command {
    case .forget: return
    case .prepare(let preparation):
      if result.kind == .failed {
        preparation.failure = error(of: result)
      } else if result.columnCount > 0 {
        preparation.columns = result.columns
      }
    case .run(let statement):
      switch result.kind {
      case .rows where statement.isBehindSetup: statement.isBehindSetup = false
      case .failed: statement.failure = error(of: result)
      case .copyIn, .copyOut: throw PostgresError(.invalidStatement, "a COPY needs its own call")
      default: read(result, for: statement)
      }
    }
  }

  private func read(_ result: borrowing ServerResult, for statement: PipelinedStatement) {
    guard statement.abandonment == nil, statement.failure == nil else { return }
    guard statement.returnsRows, let plan = statement.plan else {
      statement.answer = .count(result.affectedRows)
      return
    }
    do {
      statement.answer = .rows(try batch(of: result, plan, statement.key, as: statement.expected))
    } catch { statement.failure = error }
  }

  private func finishHead() throws {
    pipeline.cancelDeadline = nil
    switch pipeline.endCommand() {
    case .forget, nil: break
    case .prepare(let preparation): try finish(preparation)
    case .run(let statement): finish(statement)
    }
    // Whoever gave up while others' statements ran had to wait for this moment.
    if pipeline.isHeadAbandoned { cancelHead() }
  }

  private func finish(_ preparation: StatementPreparation) throws {
    if let failure = preparation.failure {
      for statement in preparation.followers {
        if statement.abandonment == nil, isStray(failure), !statement.isSecondTry {
          statement.isSecondTry = true
          pipeline.waiting.append(statement)
        } else {
          statement.fail(failure)
        }
      }
      return
    }
    let forgotten = statements.insert(
      preparation.key, name: preparation.name, columns: preparation.columns)
    if let forgotten {
      try link.send("DEALLOCATE \(forgotten)", [], binaryResults: false)
      try link.endGroup()
      pipeline.note(.forget)
    }
    for statement in preparation.followers {
      if let abandonment = statement.abandonment {
        statement.resume(with: .failure(abandonment))
      } else {
        pipeline.waiting.append(statement)
      }
    }
  }

  private func finish(_ statement: PipelinedStatement) {
    if let abandonment = statement.abandonment { return statement.resume(with: .failure(abandonment)) }
    guard let failure = statement.failure else {
      return statement.resume(
        with: statement.answer.map { .success($0) }
          ?? .failure(PostgresError(.protocolViolation, "a statement without an answer")))
    }
    // A statement that the server refused to begin, or rolled back for a neighbor's sake, did nothing.
    if !statement.isSecondTry, isStale(failure, statement.key) || isStray(failure) {
      statement.isSecondTry = true
      (statement.failure, statement.answer, statement.plan) = (nil, nil, nil)
      pipeline.waiting.append(statement)
    } else {
      statement.fail(failure)
    }
  }

  /// Our cancel request for one statement reached its neighbor.
  private func isStray(_ error: any Error) -> Bool {
    pipeline.hasCanceled && PostgresServerError(in: error)?.sqlState == .queryCanceled
  }

  private func failPipeline(_ error: any Error) {
    pipeline.isOpen = false
    link.close()
    usable.store(false, ordering: .relaxed)
    let (waiting, sent) = pipeline.takeAll()
    for statement in waiting + sent { statement.fail(error) }
  }

  // MARK: Waiting and giving up

  private func waitForAnswer() async throws {
    let isFlushed = try link.flush()
    let outcome = await waitForSocket(
      isFlushed ? .readable : [.readable, .writable],
      CallLimits(deadline: nearestDeadline(), isCancellable: false))
    if isClosing { throw PostgresError(.closed, "the connection was closed") }
    switch outcome {
    case .ready: try link.consumeInput()
    // Somebody has sent something, or given up.
    case .interrupted: break
    case .deadlinePassed: try giveUpWhatIsLate()
    }
  }

  private func nearestDeadline() -> ContinuousClock.Instant? {
    var nearest = pipeline.cancelDeadline
    guard pipeline.hasDeadlines else { return nearest }
    for statement in pipeline.all where statement.abandonment == nil {
      if let deadline = statement.deadline { nearest = min(nearest ?? deadline, deadline) }
    }
    return nearest
  }

  private func giveUpWhatIsLate() throws {
    let now = ContinuousClock.now
    if let deadline = pipeline.cancelDeadline, deadline <= now {
      throw PostgresError(.connectionLost, "a canceled statement did not end in time")
    }
    for statement in pipeline.all where statement.abandonment == nil {
      if let deadline = statement.deadline, deadline <= now {
        abandon(statement.number, because: CallLimits.exceeded)
      }
    }
  }

  /// A task no longer waits for its statement.
  ///
  /// One that runs is canceled on the server, and the task waits for its end; one behind others cannot be
  /// stopped yet, so the task goes on and the statement is canceled when its time comes.
  private func abandon(_ number: UInt64, because error: any Error) {
    if let index = pipeline.waiting.firstIndex(where: { $0.number == number }) {
      return pipeline.waiting.remove(at: index).fail(error)
    }
    guard let statement = pipeline.all.first(where: { $0.number == number }) else { return }
    guard statement.abandonment == nil else { return }
    statement.abandonment = error
    if pipeline.isHeadAbandoned, pipeline.isHead(statement) {
      cancelHead()
    } else {
      statement.resume(with: .failure(error))
    }
    turns.interruptHolder(executor)
  }

  private func cancelHead() {
    pipeline.hasCanceled = true
    pipeline.cancelDeadline = .now + configuration.cancelTimeout
    if cancelRequest != .running { startCancelRequest() }
  }

  /// A request that is still under way must not hit what comes next on this session.
  private func outlastCancelRequest() async throws {
    let deadline = ContinuousClock.now + configuration.cancelTimeout
    while cancelRequest == .running {
      let id = executor.makeWaitID()
      turns.currentWait = id
      let outcome = await wait(id, for: [], on: -1, CallLimits(deadline: deadline, isCancellable: false))
      turns.currentWait = nil
      if outcome == .deadlinePassed || isClosing { throw CallLimits.exceeded }
    }
    cancelRequest = .none
  }
}

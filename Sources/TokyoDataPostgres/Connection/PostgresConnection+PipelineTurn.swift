internal import TokyoDataCore

/// How the pipeline gets the wire, and gives it up: transactions, streams and COPY have it for themselves.
extension PostgresConnection {
  func openIfFree() throws {
    guard !pipeline.isOpen, !pipeline.isOpening, !pipeline.waiting.isEmpty else { return }
    if turns.takeIfFree() {
      try openPipeline()
      return try sendWaiting()
    }
    pipeline.isOpening = true
    Task { await self.openInTurn() }
  }

  private func openInTurn() async {
    do {
      try await takeTurn(CallLimits(deadline: nil, isCancellable: false))
      pipeline.isOpening = false
      try openPipeline()
    } catch { failPipeline(error) }
    attend()
  }

  /// Whoever calls has the turn.
  private func openPipeline() throws {
    pipeline.isOpen = true
    do { try admit(nil) } catch {
      // Whoever had the turn before has begun a transaction, or lost the session: nothing was sent.
      for statement in pipeline.takeAll().waiting { statement.fail(error) }
      pipeline.isOpen = false
      return endTurn()
    }
    try link.enterPipeline()
    pipeline.hasCanceled = false
    if link.takeSingleRowMode() {
      // The first command of a pipeline would still get its rows one by one; an empty group takes its place.
      try link.endGroup()
      pipeline.note(.forget)
    }
  }

  func closeIfEmpty() throws {
    guard pipeline.isOpen, pipeline.head == nil else { return }
    pipeline.isOpen = false
    try link.exitPipeline()
    guard cancelRequest != .running else {
      Task { await self.outlastCancelRequest() }
      return
    }
    cancelRequest = .none
    endTurn()
    endLingering()
    // Whoever waited for the turn has it now; statements come after.
    try openIfFree()
  }

  /// A request that is still under way must not hit what comes next on this session.
  private func outlastCancelRequest() async {
    let deadline = ContinuousClock.now + configuration.cancelTimeout
    while cancelRequest == .running, link.isOpen {
      let id = executor.makeWaitID()
      turns.currentWait = id
      let outcome = await wait(id, for: [], on: -1, CallLimits(deadline: deadline, isCancellable: false))
      turns.currentWait = nil
      if outcome == .deadlinePassed || isClosing { closeLink() }
    }
    cancelRequest = .none
    endTurn()
    endLingering()
    attend()
  }

  /// The session is of no more use: everybody who waits for an answer gets the error.
  func failPipeline(_ error: any Error) {
    let hadTurn = pipeline.isOpen
    pipeline.isOpen = false
    closeLink()
    let (waiting, sent) = pipeline.takeAll()
    for statement in waiting + sent { statement.fail(error) }
    if hadTurn { endTurn() }
  }
}

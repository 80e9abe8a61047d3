internal import TokyoDataCore

/// Where a request to cancel stands.
enum CancelRequest {
  case none
  case running
  case answered
}

/// Sends cancel requests, which block, on one thread for the whole process.
actor StatementCanceller {
  private nonisolated let executor: ThreadExecutor
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private static let shared = Result { () throws(TokyoDataError) in try StatementCanceller() }

  private init() throws(TokyoDataError) {
    executor = try ThreadExecutor()
  }

  deinit { executor.shutdown() }

  /// Asks the server and waits until it has taken the request; false where it could not be asked.
  static func send(_ ticket: CancelTicket) async -> Bool {
    guard case .success(let canceller) = shared else { return false }
    return await canceller.send(ticket)
  }

  private func send(_ ticket: CancelTicket) -> Bool { ticket.send() }
}

extension PostgresConnection {
  /// Ends a command that is still running, and leaves the wire clean or closed.
  ///
  /// It asks the server to cancel it, reads what is left of it, and waits
  /// until the request itself is over, so that it cannot hit the next statement. Closes where that takes too
  /// long. Does nothing where no command runs.
  func cleanUp() async {
    guard link.isOpen else { return }
    guard link.transactionState == .active, !isClosing else { return }
    let limits = CallLimits(deadline: .now + configuration.cancelTimeout, isCancellable: false)
    do {
      startCancelRequest()
      try await drain(limits)
      while cancelRequest == .running {
        let id = executor.makeWaitID()
        turns.currentWait = id
        let outcome = await wait(id, for: [], on: -1, limits)
        turns.currentWait = nil
        if outcome == .deadlinePassed || isClosing { throw CallLimits.exceeded }
      }
      cancelRequest = .none
    } catch {
      closeLink()
    }
  }

  func startCancelRequest() {
    cancelRequest = .running
    if link.usesTLS || configuration.cancelsOverSession {
      // Libpq 15 would send its request unencrypted.
      var configuration = configuration
      configuration.overrides = link.endpoint
      configuration.connectTimeout = configuration.cancelTimeout
      let processID = link.processID
      Task {
        await Self.cancelBackend(processID, configuration)
        self.noteCancelAnswered()
      }
    } else if let ticket = link.makeCancelTicket() {
      Task {
        _ = await StatementCanceller.send(ticket)
        self.noteCancelAnswered()
      }
    } else {
      cancelRequest = .answered
    }
  }

  /// A refused request matters no more than one that came too late: the deadline decides.
  private static func cancelBackend(_ processID: Int32, _ configuration: PostgresConfiguration) async {
    guard let other = try? await connect(configuration) else { return }
    _ = try? await other.execute(
      "SELECT pg_cancel_backend(\(processID))", timeout: configuration.cancelTimeout)
    await other.close()
  }

  private func noteCancelAnswered() {
    guard cancelRequest == .running else { return }
    cancelRequest = .answered
    // Only the last wait of `cleanUp` has an eye on this; others are for the socket and must go on.
    if !isDraining { turns.interruptHolder(executor) }
  }

  /// Reads and drops all that the running command still sends.
  private func drain(_ limits: CallLimits) async throws {
    isDraining = true
    defer { isDraining = false }
    try await flush(limits)
    while true {
      guard let result = try await nextResult(limits) else {
        // Within a pipeline nothing separates commands; only the end of their group ends them.
        if link.isInPipeline, link.isOpen { continue }
        return
      }
      switch result.kind {
      case .groupEnd: return try link.exitPipeline()
      case .copyOut:
        reading: while true {
          switch try link.nextCopyMessage() {
          case .message: continue
          case .needsInput:
            try await ready(.readable, limits)
            try link.consumeInput()
          case .ended: break reading
          }
        }
      case .copyIn:
        while try !link.endCopy(abort: "given up by the client") { try await ready(.writable, limits) }
        try await flush(limits)
      default: continue
      }
    }
  }
}

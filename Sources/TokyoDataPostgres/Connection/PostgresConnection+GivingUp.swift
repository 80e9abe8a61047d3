/// Pipelined statements that nobody waits for any longer.
extension PostgresConnection {
  func nearestDeadline() -> ContinuousClock.Instant? {
    var nearest = pipeline.cancelDeadline
    guard pipeline.hasDeadlines else { return nearest }
    for statement in pipeline.all where statement.abandonment == nil {
      if let deadline = statement.order.deadline { nearest = min(nearest ?? deadline, deadline) }
    }
    return nearest
  }

  func giveUpWhatIsLate() throws {
    guard pipeline.hasDeadlines || pipeline.cancelDeadline != nil else { return }
    let now = ContinuousClock.now
    if let deadline = pipeline.cancelDeadline, deadline <= now {
      throw PostgresError(.connectionLost, "a canceled statement did not end in time")
    }
    for statement in pipeline.all where statement.abandonment == nil {
      if let deadline = statement.order.deadline, deadline <= now {
        abandon(statement.order.number, because: CallLimits.exceeded)
      }
    }
  }

  /// A task no longer waits for its statement.
  ///
  /// One that runs is canceled on the server, and the task waits for its end; one behind others cannot be
  /// stopped yet, so the task goes on and the statement is canceled when its time comes.
  func abandon(_ number: UInt64, because error: any Error) {
    if let index = pipeline.waiting.firstIndex(where: { $0.order.number == number }) {
      return pipeline.waiting.remove(at: index).fail(error)
    }
    guard let statement = pipeline.all.first(where: { $0.order.number == number }) else { return }
    guard statement.abandonment == nil else { return }
    statement.abandonment = error
    if pipeline.isHeadAbandoned, pipeline.isHead(statement) {
      cancelHead()
    } else {
      statement.resume(with: .failure(error))
    }
  }

  func cancelHead() {
    pipeline.hasCanceled = true
    pipeline.cancelDeadline = .now + configuration.cancelTimeout
    if cancelRequest != .running { startCancelRequest() }
  }

  /// The request to cancel is over: whoever waited for that goes on.
  func endLingering() {
    let statements = pipeline.lingering
    pipeline.lingering = []
    for statement in statements { statement.fail(CancellationError()) }
  }
}

/// How long a call may wait, and for whom.
struct CallLimits: Sendable {
  var deadline: ContinuousClock.Instant?
  /// False for what must run its course in a canceled task too: cleaning up, and COMMIT.
  var isCancellable = true

  init(deadline: ContinuousClock.Instant?, isCancellable: Bool = true) {
    self.deadline = deadline
    self.isCancellable = isCancellable
  }

  init(timeout: Duration?) {
    deadline = timeout.map { .now + $0 }
  }

  func check() throws {
    if isCancellable { try Task.checkCancellation() }
    if let deadline, deadline <= .now { throw Self.exceeded }
  }

  static let exceeded = PostgresError(.deadlineExceeded, "the call's timeout has passed")
}

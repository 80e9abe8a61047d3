/// How long a call may wait, and for whom.
struct CallLimits: Sendable {
  var deadline: ContinuousClock.Instant?
  /// False for what must run its course in a canceled task too: cleaning up, and COMMIT.
  var isCancellable = true

  init(deadline: ContinuousClock.Instant?, isCancellable: Bool = true) {
    self.deadline = deadline
    self.isCancellable = isCancellable
  }

  /// A call of a session that has a time of its own; the earlier one counts.
  init(timeout: Duration?, until latest: ContinuousClock.Instant? = nil) {
    deadline = timeout.map { .now + $0 } ?? latest
    if let latest, let deadline, latest < deadline { self.deadline = latest }
  }

  func check() throws {
    if isCancellable { try Task.checkCancellation() }
    if let deadline, deadline <= .now { throw Self.exceeded }
  }

  static let exceeded = PostgresError(.deadlineExceeded, "the call's timeout has passed")
}

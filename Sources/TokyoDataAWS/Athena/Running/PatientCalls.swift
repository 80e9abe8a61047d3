internal import TokyoDataCore

/// Calls of Athena that may be made again: what is refused because there are too many, or finds no server, waits.
struct PatientCalls: Sendable {
  let clock: WaitingClock
  let pace: CallPace

  /// How long a call waits in all before its refusal is the caller's.
  static let patience: Duration = .seconds(120)

  init(clock: WaitingClock) {
    self.clock = clock
    pace = CallPace(clock: clock)
  }

  /// Makes a call until it is taken.
  ///
  /// - Parameters:
  ///   - end: Until when it may be refused, by the clock; nil for the usual patience.
  ///   - call: Makes it once.
  /// - Throws: the last refusal, or what is no matter of waiting; `CancellationError`.
  func make<Result>(until end: Duration? = nil, _ call: () async throws -> Result) async throws -> Result {
    let end = end ?? clock.now() + Self.patience
    while true {
      try await clock.sleep(min(pace.turn(), end))
      try Task.checkCancellation()
      do {
        let result = try await call()
        pace.succeeded()
        return result
      } catch  where error.mayPass {
        pace.refused()
        guard clock.now() < end else { throw error }
        // Callers that were refused together do not come back together.
        try await clock.sleep(min(end, clock.now() + .milliseconds(500) * (0.5 + clock.random())))
      }
    }
  }
}

internal import TokyoDataCore

/// Starts queries under Athena's quotas: what is refused because there are too many is sent again until it is taken.
struct QueryStarter: Sendable {
  let athena: AthenaClient
  let clock: WaitingClock
  let pace: CallPace

  init(athena: AthenaClient, clock: WaitingClock) {
    self.athena = athena
    self.clock = clock
    pace = CallPace(clock: clock)
  }

  /// Starts a query, or finds the one that its token started before.
  ///
  /// - Parameter end: When it must have been taken, by the clock.
  /// - Returns: the query's id.
  /// - Throws: `TokyoDataError.timeout` where Athena takes it not in time, and what else Athena refuses;
  ///   `CancellationError`: then there is no query.
  func start(_ start: AthenaQueryStart, until end: Duration) async throws -> String {
    while true {
      let turn = pace.turn()
      guard turn < end else { throw tooLate(nil) }
      try await clock.sleep(turn)
      try Task.checkCancellation()
      do {
        // Not canceled with the caller: a query whose id nobody learns could not be stopped.
        let id = try await Task { [athena] in try await athena.startQuery(start) }.value
        pace.succeeded()
        return id
      } catch  where error.mayPass {
        pace.refused()
        guard clock.now() < end else { throw tooLate(error) }
        try await clock.sleep(min(end, clock.now() + .milliseconds(500) * (0.5 + clock.random())))
      } catch {
        throw TokyoDataError(aws: error, store: "athena")
      }
    }
  }

  private func tooLate(_ error: (any Error)?) -> TokyoDataError {
    TokyoDataError(
      .timeout, "Athena did not take the query in time", context: .init(store: "athena", operation: "query"),
      cause: error)
  }
}

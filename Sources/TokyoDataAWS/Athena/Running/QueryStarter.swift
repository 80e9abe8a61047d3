internal import TokyoDataCore

/// Starts queries under Athena's quotas.
struct QueryStarter: Sendable {
  let athena: AthenaClient
  let calls: PatientCalls

  /// Longer than Athena takes to start a query.
  private static let grace = Duration.seconds(5)

  /// Starts a query, or finds the one that its token started before.
  ///
  /// - Parameter end: When it must have been taken, by the clock.
  /// - Returns: the query's id.
  /// - Throws: `TokyoDataError.timeout` where Athena takes it not in time, and what else Athena refuses;
  ///   `CancellationError`: then there is no query, unless Athena took longer than `grace` to tell its id.
  func start(_ start: AthenaQueryStart, until end: Duration) async throws -> String {
    do {
      return try await calls.make(until: end) {
        // Who is canceled waits for the id: a query whose id nobody learns could not be stopped.
        try await athena.client.time.finishing(within: Self.grace) { [athena] in
          try await athena.startQuery(start)
        }
      }
    } catch  where error.mayPass {
      throw TokyoDataError(
        .timeout, "Athena did not take the query in time",
        context: .init(store: "athena", operation: "query"),
        cause: error)
    } catch {
      throw TokyoDataError.of(error, .init(store: "athena"))
    }
  }
}

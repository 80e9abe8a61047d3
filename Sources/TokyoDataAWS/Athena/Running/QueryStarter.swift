internal import TokyoDataCore

/// Starts queries under Athena's quotas.
struct QueryStarter: Sendable {
  let athena: AthenaClient
  let calls: PatientCalls

  /// Starts a query, or finds the one that its token started before.
  ///
  /// - Parameter end: When it must have been taken, by the clock.
  /// - Returns: the query's id.
  /// - Throws: `TokyoDataError.timeout` where Athena takes it not in time, and what else Athena refuses;
  ///   `CancellationError`: then there is no query.
  func start(_ start: AthenaQueryStart, until end: Duration) async throws -> String {
    do {
      return try await calls.make(until: end) {
        // Not canceled with the caller: a query whose id nobody learns could not be stopped.
        try await Task { [athena] in try await athena.startQuery(start) }.value
      }
    } catch let error as CancellationError {
      throw error
    } catch  where error.mayPass {
      throw TokyoDataError(
        .timeout, "Athena did not take the query in time",
        context: .init(store: "athena", operation: "query"),
        cause: error)
    } catch {
      throw TokyoDataError(aws: error, store: "athena")
    }
  }
}

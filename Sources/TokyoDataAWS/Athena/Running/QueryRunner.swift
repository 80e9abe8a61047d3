internal import TokyoDataCore

/// Brings queries to their end: started, watched, started again where that may help, stopped where nobody waits
/// for them any longer.
struct QueryRunner: Sendable {
  let athena: AthenaClient
  let clock: WaitingClock
  let starter: QueryStarter
  let watch: QueryWatch

  init(athena: AthenaClient, clock: WaitingClock) {
    self.athena = athena
    self.clock = clock
    starter = QueryStarter(athena: athena, calls: PatientCalls(clock: clock))
    watch = QueryWatch(athena: athena, clock: clock)
  }

  /// A query that has succeeded, and what it took to get there.
  struct Success: Sendable {
    var query: AthenaQuery
    var attempts: Int
  }

  /// Runs a query until it has succeeded.
  ///
  /// - Parameters:
  ///   - begin: Makes the start of an attempt, counted from 1, by its token.
  ///   - ended: Sees every attempt that has ended, in whatever state; nil for one that nobody knows more of.
  /// - Throws: `TokyoDataError` with an `AthenaQueryFailure` as its cause, or `CancellationError`; the query is
  ///   stopped then.
  func run(
    _ request: AthenaRequest, _ begin: (_ token: String) -> AthenaQueryStart,
    ended: (AthenaQuery?) -> Void
  ) async throws -> Success {
    for attempt in 1... {
      let token = attempt == 1 ? request.token ?? Self.newToken() : Self.newToken()
      let began = clock.now()
      let id = try await starter.start(begin(token), until: began + request.queueDeadline)
      let limits = WatchList.Limits(
        queue: max(.zero, request.queueDeadline - (clock.now() - began)), run: request.runDeadline)
      let query = try await finish(id, within: limits, ended: ended)
      if query.status.state == .succeeded { return Success(query: query, attempts: attempt) }
      let failure = AthenaQueryFailure(query)
      guard failure.mayStartAgain, attempt < request.attempts else { throw failure.error(attempts: attempt) }
      // Queries that failed together do not come back together.
      try await clock.sleep(clock.now() + .seconds(min(1 << attempt, 20)) * clock.random())
    }
    throw TokyoDataError(.internal, "a query was started without end")
  }

  /// Waits for a query's end and stops it where the wait ends before.
  func finish(
    _ id: String, within limits: WatchList.Limits, ended: (AthenaQuery?) -> Void
  ) async throws -> AthenaQuery {
    let end: WatchList.End
    do { end = try await watch.end(of: id, within: limits) } catch {
      ended(await stop(id))
      throw error
    }
    switch end {
    case .ended(let query):
      ended(query)
      return query
    case .lost(let error):
      ended(nil)
      throw error
    case .expired(let phase):
      ended(await stop(id))
      let failure = AthenaQueryFailure(queryID: id, state: phase == .queue ? .queued : .running)
      throw TokyoDataError(
        .timeout,
        phase == .queue
          ? "the query did not leave Athena's queue in time and was stopped: \(failure)"
          : "the query ran longer than it may and was stopped: \(failure)",
        context: .init(store: "athena", operation: "query"), cause: failure)
    }
  }

  /// Stops a query, whoever is canceled meanwhile, and waits a little for its end: it writes and costs until then.
  ///
  /// - Returns: the query as it was seen last; nil where Athena says nothing.
  private func stop(_ id: String) async -> AthenaQuery? {
    await Task { [athena, clock] in
      var last: AthenaQuery?
      for attempt in 1...Self.looks {
        do {
          if last == nil { try await athena.stopQuery(id) }
          last = try await athena.query(id)
        } catch  where !error.mayPass {
          return last
        } catch {}
        if last?.status.state.isFinal == true { return last }
        _ = try? await clock.sleep(clock.now() + .milliseconds(50) * attempt)
      }
      return last
    }.value
  }

  /// How often a query is looked at that was stopped: five seconds in all.
  private static let looks = 14

  /// By which Athena tells queries apart that are otherwise the same.
  static func newToken() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = (0..<2).map { _ in
      let text = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    return "tokyo-" + digits.joined()
  }
}

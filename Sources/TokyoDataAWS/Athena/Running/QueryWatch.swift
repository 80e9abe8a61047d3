internal import Synchronization
internal import TokyoDataCore

/// Follows all running queries of a client with as few calls as there can be: up to fifty in each.
///
/// One task looks for everybody; it is there only while somebody waits, and so are its calls.
final class QueryWatch: Sendable {
  private typealias Waiter = CheckedContinuation<WatchList.End, any Error>

  private struct State {
    var list = WatchList()
    var waiters: [Int: Waiter] = [:]
    /// Canceled before they began to wait.
    var canceled: Set<Int> = []
    var last = 0
    var isWatching = false
    /// The pause of the task that looks; canceled when there is something to do earlier.
    var pause: Task<Void, Never>?
    /// Those under way.
    var looks: [Int: Task<Void, Never>] = [:]

    mutating func number() -> Int {
      last += 1
      return last
    }

    /// Ends what goes on for nobody.
    mutating func restIfAlone() {
      guard waiters.isEmpty else { return }
      pause?.cancel()
      for look in looks.values { look.cancel() }
    }
  }

  private let state = Mutex(State())
  private let athena: AthenaClient
  private let clock: WaitingClock
  private let pace: CallPace

  init(athena: AthenaClient, clock: WaitingClock) {
    self.athena = athena
    self.clock = clock
    pace = CallPace(clock: clock)
  }

  /// Waits until a query has ended, or was too long in a state.
  ///
  /// A call that is throttled or finds no server is made again; only the limits end that.
  ///
  /// - Throws: `CancellationError`; the query runs on then.
  func end(of id: String, within limits: WatchList.Limits) async throws -> WatchList.End {
    let number = state.withLock { $0.number() }
    defer { state.withLock { _ = $0.canceled.remove(number) } }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (waiter: Waiter) in
        let isCanceled = state.withLock { state in
          guard !state.canceled.contains(number) else { return true }
          state.waiters[number] = waiter
          state.list.add(number, id, limits, now: clock.now())
          wake(&state)
          return false
        }
        if isCanceled { waiter.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.canceled.insert(number)
        state.list.remove(number)
        defer { state.restIfAlone() }
        return state.waiters.removeValue(forKey: number)
      }
      waiter?.resume(throwing: CancellationError())
    }
  }

  /// Lets the task that looks see what has changed.
  private func wake(_ state: inout State) {
    state.pause?.cancel()
    guard !state.isWatching else { return }
    state.isWatching = true
    Task { await watch() }
  }

  private func watch() async {
    while let pause = turn() { await pause.value }
  }

  /// Does what is due; the pause until the next turn, or nil where nobody waits.
  private func turn() -> Task<Void, Never>? {
    let now = clock.now()
    let (ends, pause) = state.withLock { state -> ([(Waiter, WatchList.End)], Task<Void, Never>?) in
      let ends = take(state.list.expire(now: now), of: &state)
      while true {
        switch state.list.step(now: now) {
        case .look(let ids):
          let number = state.number()
          state.looks[number] = Task { await look(number, at: ids) }
        case .wait(let until):
          let pause = Task { [clock] in _ = try? await clock.sleep(until) }
          state.pause = pause
          return (ends, pause)
        case .nothing:
          state.isWatching = false
          state.pause = nil
          return (ends, nil)
        }
      }
    }
    for (waiter, end) in ends { waiter.resume(returning: end) }
    return pause
  }

  private func take(
    _ ends: [(waiter: Int, end: WatchList.End)], of state: inout State
  ) -> [(Waiter, WatchList.End)] {
    defer { state.restIfAlone() }
    return ends.compactMap { number, end in state.waiters.removeValue(forKey: number).map { ($0, end) } }
  }

  private func look(_ number: Int, at ids: [String]) async {
    _ = try? await clock.sleep(pace.turn())
    let answer: Result<AthenaQueryBatch, any Error>
    do { answer = .success(try await athena.queries(ids)) } catch { answer = .failure(error) }
    let now = clock.now()
    switch answer {
    case .success: pace.succeeded()
    case .failure(let error) where error.isThrottling: pace.refused()
    case .failure: break
    }
    let ends = state.withLock { state in
      state.looks[number] = nil
      let ends = take(note(answer, of: ids, in: &state.list, now: now), of: &state)
      wake(&state)
      return ends
    }
    for (waiter, end) in ends { waiter.resume(returning: end) }
  }

  private func note(
    _ answer: Result<AthenaQueryBatch, any Error>, of ids: [String], in list: inout WatchList, now: Duration
  ) -> [(waiter: Int, end: WatchList.End)] {
    let later = now + WatchList.longest * (0.5 + clock.random() / 2)
    switch answer {
    case .failure(is CancellationError):
      // It was for nobody; whoever has come since has a look of his own.
      return []
    case .failure(let error) where error.mayPass:
      list.postpone(ids, until: later)
      return []
    case .failure(let error):
      return list.lose(ids, TokyoDataError.of(error, .init(store: "athena")))
    case .success(let batch):
      var ends: [(waiter: Int, end: WatchList.End)] = []
      for query in batch.queryExecutions ?? [] { ends += list.see(query, now: now) }
      for refused in batch.unprocessedQueryExecutionIds ?? [] where refused.isUnknown {
        ends += list.lose(
          [refused.queryExecutionId ?? ""],
          TokyoDataError(
            .notFound, "Athena knows no such query", context: .init(store: "athena", operation: "query")))
      }
      // What the answer does not tell of is looked at again.
      list.postpone(ids, until: later)
      return ends
    }
  }
}

extension AthenaQueryBatch.Unprocessed {
  /// The query is not there, as opposed to a service that has no time to look.
  fileprivate var isUnknown: Bool {
    errorCode.map { $0.hasPrefix("INVALID_INPUT") || $0.hasPrefix("InvalidRequest") } ?? false
  }
}

extension Error {
  /// The service has too much to do, or the account too many queries: a matter of waiting.
  var isThrottling: Bool {
    guard let error = self as? AWSServiceError else { return false }
    return error.status == 429 || error.tokyoDataCode == .busy
  }

  /// The same call may succeed a little later.
  var mayPass: Bool {
    switch self {
    case let error as AWSServiceError:
      isThrottling || error.status >= 500 || error.tokyoDataCode == .timeout
    case let error as HTTPError:
      // A transport that is closed, and a server that is not who it says it is, stay so.
      [.unavailable, .timeout, .busy].contains(error.tokyoDataCode) && error.code != .closed
    default: false
    }
  }
}

internal import Synchronization

/// Work whose result several tasks want: the first begins it, all wait for it, none takes it along when he leaves.
final class SharedAttempt<Value: Sendable>: Sendable {
  private typealias Waiter = UnsafeContinuation<Value, any Error>

  private struct State {
    var waiters: [UInt64: Waiter] = [:]
    var lastNumber: UInt64 = 0
    var isRunning = false
  }

  private let state = Mutex(State())

  /// The result of the work that is under way, or of `work`, which then begins.
  ///
  /// - Throws: what the work throws; `timeout` after the deadline, or `CancellationError`.
  func value(
    until deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    let limit = Task { [weak self] in
      try await ContinuousClock().sleep(until: deadline)
      self?.leave(number, because: Self.late)
    }
    defer { limit.cancel() }
    return try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { (waiter: Waiter) in
        let begins = state.withLock { state in
          state.waiters[number] = waiter
          defer { state.isRunning = true }
          return !state.isRunning
        }
        if begins { Task { await run(work) } }
        // A cancellation or a deadline that came before the waiter found nobody.
        if Task.isCancelled { leave(number, because: CancellationError()) }
        if deadline <= .now { leave(number, because: Self.late) }
      }
    } onCancel: {
      leave(number, because: CancellationError())
    }
  }

  private func run(_ work: @Sendable () async throws -> Value) async {
    let result: Result<Value, any Error>
    do { result = .success(try await work()) } catch { result = .failure(error) }
    let waiters = state.withLock { state in
      defer { (state.waiters, state.isRunning) = ([:], false) }
      return state.waiters.values
    }
    for waiter in waiters { waiter.resume(with: result) }
  }

  private static var late: TokyoDataError {
    TokyoDataError(.timeout, "no connection to the server in time")
  }

  private func leave(_ number: UInt64, because error: any Error) {
    state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(throwing: error)
  }
}

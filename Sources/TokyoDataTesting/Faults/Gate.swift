internal import Synchronization

/// Holds tasks until it is opened: brings concurrent steps of a test into a known order without sleeping.
public final class Gate: Sendable {
  private let state = Mutex(State())

  private struct State: Sendable {
    var isOpen = false
    var lastWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, any Error>] = [:]
  }

  /// Makes a closed gate.
  public init() {}

  /// Lets all go on who wait, and whoever comes later.
  public func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Waits until the gate is open.
  ///
  /// - Throws: `CancellationError` where the task is cancelled before.
  public func wait() async throws {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let error: (any Error)?? = state.withLock { state in
          if Task.isCancelled { return .some(CancellationError()) }
          if state.isOpen { return .some(nil) }
          state.waiters[id] = continuation
          return nil
        }
        switch error {
        case nil: break
        case .some(nil): continuation.resume()
        case .some(let error?): continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }
}

internal import Synchronization

extension ClientTime {
  /// Runs what should not be broken off halfway: who is canceled meanwhile still waits for its end, but no longer
  /// than `grace`; then it is canceled too.
  ///
  /// Such is a request that begins something at a service, whose answer alone tells the name of it: without the
  /// answer nobody could end what was begun.
  func finishing<Result: Sendable>(
    within grace: Duration, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let work = Task { try await body() }
    let limit = TaskBox()
    defer { limit.cancel() }
    return try await withTaskCancellationHandler {
      try await work.value
    } onCancel: {
      limit.hold(
        Task { [clock] in
          try? await clock.sleep(for: grace)
          work.cancel()
        })
    }
  }
}

/// The task that ends a wait; canceled, also where it comes late, once nobody waits.
private final class TaskBox: Sendable {
  private let state = Mutex((task: Task<Void, Never>?.none, isOver: false))

  func hold(_ task: Task<Void, Never>) {
    let isOver = state.withLock { state in
      state.task = task
      return state.isOver
    }
    if isOver { task.cancel() }
  }

  func cancel() {
    state.withLock { state in
      state.isOver = true
      return state.task
    }?.cancel()
  }
}

internal import Synchronization

/// Events between the one session that listens and one reader: bounded, and honest about what did not fit.
final class NotificationBuffer: Sendable {
  private typealias Waiter = CheckedContinuation<Result<PostgresNotificationEvent?, any Error>, Never>

  private struct State {
    var events: [PostgresNotificationEvent] = []
    var waiter: Waiter?
    /// How it ended: nil is the end, an error is thrown once.
    var end: Result<PostgresNotificationEvent?, any Error>?
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) { self.capacity = capacity }

  /// Adds an event; where the buffer is full, the gap is told instead, once.
  func add(_ event: PostgresNotificationEvent) {
    let waiter = state.withLock { state -> Waiter? in
      guard state.end == nil else { return nil }
      if let waiter = state.waiter.take() { return waiter }
      if state.events.count < capacity {
        state.events.append(event)
      } else if state.events.last != .listening {
        state.events.append(.listening)
      }
      return nil
    }
    waiter?.resume(returning: .success(event))
  }

  /// Nothing more comes; what is there is still read.
  func finish(throwing error: (any Error)? = nil) {
    let waiter = state.withLock { state -> Waiter? in
      guard state.end == nil else { return nil }
      state.end = .success(nil)
      let waiter = state.waiter.take()
      if waiter == nil, let error { state.end = .failure(error) }
      return waiter
    }
    waiter?.resume(returning: error.map { .failure($0) } ?? .success(nil))
  }

  /// The next event, in the order of their coming; nil at the end, and in a canceled task.
  func next() async throws -> PostgresNotificationEvent? {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Waiter) in
        let ready = state.withLock { state -> Result<PostgresNotificationEvent?, any Error>? in
          if !state.events.isEmpty { return .success(state.events.removeFirst()) }
          if let end = state.end {
            state.end = .success(nil)
            return end
          }
          state.waiter = continuation
          return nil
        }
        if let ready { continuation.resume(returning: ready) }
      }
    } onCancel: {
      finish()
    }
    return try result.get()
  }
}

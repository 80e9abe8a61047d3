internal import Synchronization

/// Hands elements from one task to another, which take turns once `capacity` elements wait.
///
/// One task sends, one receives. Whoever waits is woken by the other side, by `finish`, or by its own
/// cancellation.
final class BatchChannel<Element: Sendable>: Sendable {
  private struct State {
    var waiting: [Element] = []
    var end: Result<Void, any Error>?
    var sender: CheckedContinuation<Void, any Error>?
    var receiver: CheckedContinuation<Element?, any Error>?
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// Hands on an element; returns once there is room for another.
  ///
  /// - Throws: `CancellationError` where the sender's task or the receiver's was cancelled.
  func send(_ element: Element) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (sender: CheckedContinuation<Void, any Error>) in
        let (wakeReceiver, sending) = state.withLock {
          state -> (CheckedContinuation<Element?, any Error>?, SendResult) in
          if state.isCancelled { return (nil, .cancelled) }
          if let receiver = state.receiver {
            state.receiver = nil
            return (receiver, .taken)
          }
          state.waiting.append(element)
          if state.waiting.count < capacity { return (nil, .taken) }
          state.sender = sender
          return (nil, .waits)
        }
        wakeReceiver?.resume(returning: element)
        switch sending {
        case .taken: sender.resume()
        case .cancelled: sender.resume(throwing: CancellationError())
        case .waits: break
        }
      }
    } onCancel: {
      cancel()
    }
  }

  /// Says that nothing more comes, or why.
  func finish(_ end: Result<Void, any Error>) {
    let receiver = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
      guard state.end == nil else { return nil }
      state.end = end
      defer { state.receiver = nil }
      return state.receiver
    }
    receiver?.resume(with: end.map { nil })
  }

  /// The next element; nil at the end.
  ///
  /// - Throws: what the sender finished with, or `CancellationError`.
  func next() async throws -> Element? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (receiver: CheckedContinuation<Element?, any Error>) in
        let (wakeSender, received) = state.withLock {
          state -> (CheckedContinuation<Void, any Error>?, Result<Element?, any Error>?) in
          if state.isCancelled { return (nil, .failure(CancellationError())) }
          if !state.waiting.isEmpty {
            defer { state.sender = nil }
            return (state.sender, .success(state.waiting.removeFirst()))
          }
          if let end = state.end { return (nil, end.map { nil }) }
          state.receiver = receiver
          return (nil, nil)
        }
        wakeSender?.resume()
        if let received { receiver.resume(with: received) }
      }
    } onCancel: {
      cancel()
    }
  }

  private enum SendResult { case taken, waits, cancelled }

  private func cancel() {
    let (sender, receiver) = state.withLock {
      state -> (CheckedContinuation<Void, any Error>?, CheckedContinuation<Element?, any Error>?) in
      state.isCancelled = true
      defer { (state.sender, state.receiver) = (nil, nil) }
      return (state.sender, state.receiver)
    }
    sender?.resume(throwing: CancellationError())
    receiver?.resume(throwing: CancellationError())
  }
}

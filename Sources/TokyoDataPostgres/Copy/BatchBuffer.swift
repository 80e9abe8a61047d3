internal import Synchronization
internal import TokyoDataCore

/// Batches between the task that reads them from the server and the one that uses them: a few at a time.
///
/// One task sends and one takes; who waits is woken by the other side or by the cancellation of its task.
final class BatchBuffer: Sendable {
  private typealias Waiter = CheckedContinuation<Void, Never>

  private enum Side {
    case sender
    case taker
  }

  private struct State {
    var batches: [ColumnBatch] = []
    /// How it ends when the batches are used up: by an error or without.
    var end: Result<Void, any Error>?
    var waiters: [Side: Waiter] = [:]

    mutating func takeWaiter(_ side: Side) -> Waiter? { waiters.removeValue(forKey: side) }
  }

  private let limit: Int
  private let state = Mutex(State())

  /// Makes a buffer of at most so many batches.
  init(limit: Int) { self.limit = max(1, limit) }

  /// Adds a batch, when there is room.
  ///
  /// - Throws: `CancellationError`.
  func send(_ batch: ColumnBatch) async throws {
    while true {
      try Task.checkCancellation()
      let (isSent, taker) = state.withLock { state in
        guard state.batches.count < limit else { return (false, nil as Waiter?) }
        state.batches.append(batch)
        return (true, state.takeWaiter(.taker))
      }
      taker?.resume()
      if isSent { return }
      await wait(as: .sender) { $0.batches.count < self.limit }
    }
  }

  /// Nothing more comes; what is there is still taken.
  func finish(_ end: Result<Void, any Error>) {
    let taker = state.withLock { state in
      state.end = end
      return state.takeWaiter(.taker)
    }
    taker?.resume()
  }

  /// The next batch, nil at the end.
  ///
  /// - Throws: what the sender ended with; `CancellationError`; `PostgresError.busy` for a second taker.
  func next() async throws -> ColumnBatch? {
    while true {
      try Task.checkCancellation()
      let (batch, end, sender) = try state.withLock { state in
        guard state.waiters[.taker] == nil else {
          throw PostgresError(.busy, "the rows are read by another task")
        }
        let batch = state.batches.isEmpty ? nil : state.batches.removeFirst()
        return (batch, state.end, state.takeWaiter(.sender))
      }
      sender?.resume()
      if let batch { return batch }
      if let end {
        try end.get()
        return nil
      }
      await wait(as: .taker) { !$0.batches.isEmpty || $0.end != nil }
    }
  }

  /// Waits until the other side wakes it, unless that is no longer needed.
  private func wait(as side: Side, unless isOver: (State) -> Bool) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // The task is marked as canceled before its handler runs, so one of the two sees the other.
        let waits = state.withLock { state in
          guard !isOver(state), !Task.isCancelled, state.waiters[side] == nil else { return false }
          state.waiters[side] = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.takeWaiter(side) }?.resume()
    }
  }
}

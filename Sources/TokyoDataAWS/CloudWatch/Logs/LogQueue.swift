internal import Synchronization

/// Events that wait for the next flush, up to so many bytes; what comes beyond is counted.
final class LogQueue: Sendable {
  private struct State: Sendable {
    var events: [QueuedLogEvent] = []
    var bytes = 0
    var dropped = 0
    /// Those among the dropped of which the log does not tell yet.
    var untold = 0
  }

  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Events that never reached the log.
  var dropped: Int { state.withLock { $0.dropped } }

  func append(_ event: QueuedLogEvent) {
    state.withLock { state in
      let size = LogBatches.size(of: event)
      guard size <= capacity - state.bytes else {
        state.dropped += 1
        state.untold += 1
        return
      }
      state.events.append(event)
      state.bytes += size
    }
  }

  /// Empties the queue.
  ///
  /// - Returns: the events, and how many were dropped since the last time.
  func take() -> (events: [QueuedLogEvent], dropped: Int) {
    state.withLock { state in
      defer {
        state.events = []
        state.bytes = 0
        state.untold = 0
      }
      return (state.events, state.untold)
    }
  }

  /// Puts events that could not be sent back, as far as there is room: the newest of them.
  func putBack(_ events: [QueuedLogEvent]) {
    state.withLock { state in
      var kept: [QueuedLogEvent] = []
      for event in events.reversed() {
        let size = LogBatches.size(of: event)
        guard size <= capacity - state.bytes else { break }
        kept.append(event)
        state.bytes += size
      }
      state.events = kept.reversed() + state.events
      state.dropped += events.count - kept.count
      state.untold += events.count - kept.count
    }
  }

  /// Notes events that the service did not take.
  func drop(_ count: Int) {
    state.withLock { state in
      state.dropped += count
      state.untold += count
    }
  }
}

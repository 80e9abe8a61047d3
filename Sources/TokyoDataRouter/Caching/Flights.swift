internal import Synchronization
internal import TokyoDataCore

/// Single flight within a process: of all who need something at once, one brings it and the others wait.
final class Flights<Landing: Sendable>: Sendable {
  private let flights = Mutex<[CacheKey: Flight<Landing>]>([:])

  /// Begins the flights of those keys that nobody brings yet.
  ///
  /// - Returns: the keys that the caller must bring and `land`, and the flights of the others.
  func begin(_ keys: [CacheKey]) -> (mine: [CacheKey], others: [CacheKey: Flight<Landing>]) {
    flights.withLock { flights in
      var mine: [CacheKey] = []
      var others: [CacheKey: Flight<Landing>] = [:]
      for key in keys {
        if let flight = flights[key] {
          others[key] = flight
        } else {
          flights[key] = Flight()
          mine.append(key)
        }
      }
      return (mine, others)
    }
  }

  /// Ends a flight that the caller began.
  func land(_ key: CacheKey, _ landing: Landing) {
    flights.withLock { $0.removeValue(forKey: key) }?.land(landing)
  }
}

/// Something that somebody is bringing.
final class Flight<Landing: Sendable>: Sendable {
  private struct State: Sendable {
    var landing: Landing?
    var lastWaiter = 0
    var waiters: [Int: CheckedContinuation<Landing, any Error>] = [:]
  }

  private let state = Mutex(State())

  fileprivate func land(_ landing: Landing) {
    let waiters = state.withLock { state in
      state.landing = landing
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: landing) }
  }

  /// Waits for the end of the flight.
  ///
  /// - Throws: `CancellationError`; the flight goes on without this passenger.
  func wait() async throws -> Landing {
    let id = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let early: Result<Landing, any Error>? = state.withLock { state in
          if let landing = state.landing { return .success(landing) }
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiters[id] = continuation
          return nil
        }
        if let early { continuation.resume(with: early) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }
}

internal import Synchronization

/// One reader's place at the hub; leaves it when it goes.
final class NotificationSubscription: Sendable {
  let buffer: NotificationBuffer
  private let id: UInt64
  private let hub: NotificationHub

  fileprivate init(id: UInt64, buffer: NotificationBuffer, hub: NotificationHub) {
    self.id = id
    self.buffer = buffer
    self.hub = hub
  }

  deinit { hub.unsubscribe(id) }
}

/// The one session that listens for all readers of a store, alive while there are any.
final class NotificationHub: Sendable {
  private struct Reader: Sendable {
    var channel: String
    var buffer: NotificationBuffer
    /// It was told `.listening` once; from then on a lost session is worth waiting for a new one.
    var hasListened = false
  }

  private struct State {
    var readers: [UInt64: Reader] = [:]
    var lastID: UInt64 = 0
    /// The channels that the present session listens on.
    var listening: Set<String> = []
    /// Keeps the session; nil while nobody reads.
    var keeper: Task<Void, Never>?
    /// The wait for notifications, canceled where the channels change.
    var wait: Task<[PostgresNotification], any Error>?
    var isClosed = false

    var wanted: Set<String> { Set(readers.values.map(\.channel)) }
  }

  /// After so long without a word the server is asked whether it is still there.
  private static let silence = Duration.seconds(30)

  private let configuration: PostgresConfiguration
  private let pauses: PostgresRetries
  private let state = Mutex(State())

  init(_ configuration: PostgresConfiguration, clock: any Clock<Duration> = ContinuousClock()) {
    self.configuration = configuration
    var pauses = PostgresRetries(.max, clock: clock)
    pauses.firstPause = .milliseconds(100)
    pauses.longestPause = .seconds(30)
    self.pauses = pauses
  }

  // MARK: Readers

  func subscribe(to channel: String, capacity: Int) -> NotificationSubscription {
    let buffer = NotificationBuffer(capacity: capacity)
    let id = state.withLock { state in
      state.lastID += 1
      guard !state.isClosed else {
        buffer.finish()
        return state.lastID
      }
      var reader = Reader(channel: channel, buffer: buffer)
      if state.listening.contains(channel) {
        reader.hasListened = true
        buffer.add(.listening)
      }
      state.readers[state.lastID] = reader
      if !reader.hasListened { state.wait?.cancel() }
      if state.keeper == nil { state.keeper = Task { await self.keep() } }
      return state.lastID
    }
    return NotificationSubscription(id: id, buffer: buffer, hub: self)
  }

  func unsubscribe(_ id: UInt64) {
    state.withLock { state in
      guard let reader = state.readers.removeValue(forKey: id) else { return }
      if !state.wanted.contains(reader.channel) { state.wait?.cancel() }
      // A pause before the next attempt is for nobody any more.
      if state.readers.isEmpty { state.keeper?.cancel() }
    }
  }

  /// Ends all readers and the session.
  func close() {
    let readers = state.withLock { state in
      state.isClosed = true
      state.keeper?.cancel()
      state.wait?.cancel()
      defer { state.readers = [:] }
      return state.readers
    }
    for reader in readers.values { reader.buffer.finish() }
  }

  // MARK: Session

  /// Holds a session while there are readers, one after the other.
  private func keep() async {
    var attempts = 0
    while hasReaders() {
      do {
        let connection = try await PostgresConnection.connect(configuration)
        do {
          try connection.requireOwnSession(for: "LISTEN")
          try await listen(on: connection) { attempts = 0 }
          await connection.close()
        } catch {
          await connection.close()
          throw error
        }
      } catch {
        attempts += 1
        lose(error)
        try? await pauses.clock.sleep(for: pauses.pause(after: attempts))
      }
    }
  }

  /// False ends the keeper, which a later reader starts anew.
  private func hasReaders() -> Bool {
    state.withLock { state in
      state.listening = []
      guard state.readers.isEmpty else {
        // The last reader left, which canceled this task, and another came: that one needs a task of its own.
        guard Task.isCancelled else { return true }
        state.keeper = Task { await self.keep() }
        return false
      }
      state.keeper = nil
      return false
    }
  }

  private func listen(on connection: PostgresConnection, _ noteSuccess: () -> Void) async throws {
    while true {
      let (wanted, listening) = state.withLock { ($0.wanted, $0.listening) }
      guard !wanted.isEmpty else { return }
      for channel in listening.subtracting(wanted) {
        // First out of the set, so that a reader who comes meanwhile waits for the next LISTEN.
        _ = state.withLock { $0.listening.remove(channel) }
        try await connection.execute("UNLISTEN \(identifier: channel)")
      }
      for channel in wanted.subtracting(listening) {
        try await connection.execute("LISTEN \(identifier: channel)")
        announce(channel)
      }
      noteSuccess()
      do { try await deliverNext(from: connection) } catch is CancellationError {
        // Who reads what has changed, or nobody reads any more.
        try Task.checkCancellation()
      }
    }
  }

  private func announce(_ channel: String) {
    state.withLock { state in
      state.listening.insert(channel)
      for id in state.readers.keys where state.readers[id]?.channel == channel {
        state.readers[id]?.hasListened = true
        state.readers[id]?.buffer.add(.listening)
      }
    }
  }

  private func deliverNext(from connection: PostgresConnection) async throws {
    let wait = Task { try await connection.nextNotifications(CallLimits(timeout: Self.silence)) }
    state.withLock { state in
      state.wait = wait
      // A change since the channels were looked at found no wait to cancel.
      if state.wanted != state.listening || state.isClosed { wait.cancel() }
    }
    defer { state.withLock { $0.wait = nil } }
    do {
      let notifications = try await withTaskCancellationHandler {
        try await wait.value
      } onCancel: {
        wait.cancel()
      }
      state.withLock { state in
        for notification in notifications {
          for reader in state.readers.values where reader.channel == notification.channel {
            reader.buffer.add(.notification(notification))
          }
        }
      }
    } catch let error as PostgresError where error.code == .deadlineExceeded {
      try await connection.execute("SELECT 1", timeout: Self.silence)
    }
  }

  /// Readers who never had a session are told why; the others wait for the next.
  private func lose(_ error: any Error) {
    guard !(error is CancellationError) else { return }
    let failed = state.withLock { state in
      state.listening = []
      let failed = state.readers.filter { !$0.value.hasListened }
      for id in failed.keys { state.readers[id] = nil }
      return failed
    }
    for reader in failed.values { reader.buffer.finish(throwing: error) }
  }
}

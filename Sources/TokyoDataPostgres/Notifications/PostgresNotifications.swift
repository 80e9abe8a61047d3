internal import TokyoDataCore

/// A message that a transaction sent to a channel.
public struct PostgresNotification: Hashable, Sendable {
  /// The channel.
  public var channel: String
  /// The message; empty where there was none.
  public var payload: String
  /// The server's process whose transaction sent it.
  public var processID: Int32
}

/// What those who listen on a channel are told.
@nonexhaustive
public enum PostgresNotificationEvent: Hashable, Sendable {
  /// From here on notifications arrive; earlier ones may have been missed, so read now what they are about.
  ///
  /// The first event, and again each time that there was a gap: the session was lost and there is a new one, or
  /// the reader was so slow that its buffer was full.
  case listening
  /// A notification.
  case notification(PostgresNotification)
}

/// The notifications of a channel.
///
/// Every iteration listens for itself, from its first `next()` on. All channels of a store share one session
/// beside the pool, which begins with the first reader, ends with the last, and is opened again, with growing
/// pauses, when it is lost. It needs a session of its own: not through a pooler in transaction mode.
public struct PostgresNotifications: AsyncSequence, Sendable {
  let hub: NotificationHub
  let channel: String
  let capacity: Int

  /// Reads one after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let hub: NotificationHub
    let channel: String
    let capacity: Int
    private var subscription: NotificationSubscription?

    init(hub: NotificationHub, channel: String, capacity: Int) {
      self.hub = hub
      self.channel = channel
      self.capacity = capacity
    }

    /// The next event; nil once the store is closed or the task is canceled.
    ///
    /// - Throws: `TokyoDataError`: a channel's name that is none, or where there never was a session to
    ///   listen in.
    public mutating func next() async throws -> PostgresNotificationEvent? {
      try await translating("listen") {
        guard (1...63).contains(channel.utf8.count), !channel.utf8.contains(0) else {
          // The server would listen on the first 63 bytes, to which nothing is sent.
          throw TokyoDataError(.invalidArgument, "a channel's name has 1 to 63 bytes")
        }
        let subscription = self.subscription ?? hub.subscribe(to: channel, capacity: capacity)
        self.subscription = subscription
        return try await subscription.buffer.next()
      }
    }
  }

  /// Starts to read.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(hub: hub, channel: channel, capacity: capacity)
  }
}

extension PostgresHotStore {
  /// The notifications of a channel, whose name is taken as it stands.
  ///
  /// ```swift
  /// for try await event in hot.notifications(on: "invoices") {
  ///   switch event {
  ///   case .listening: try await readAll()  // at first, and wherever something may have been missed
  ///   case .notification(let notification): try await read(notification.payload)
  ///   @unknown default: break
  ///   }
  /// }
  /// ```
  ///
  /// It ends when the task is canceled or the store is closed.
  ///
  /// - Parameters:
  ///   - channel: the channel's name.
  ///   - capacity: how many events wait for a slow reader; beyond it the new ones are dropped, and once the
  ///     reader is there it is told `.listening`.
  public func notifications(on channel: String, capacity: Int = 1_024) -> PostgresNotifications {
    PostgresNotifications(hub: notificationHub, channel: channel, capacity: max(1, capacity))
  }
}

extension PostgresHotTransaction {
  /// Tells those who listen on a channel, once the transaction has committed.
  ///
  /// The server takes payloads below 8,000 bytes, and sends equal ones of one transaction once.
  public func notify(_ channel: String, _ payload: String = "") async throws {
    try await translating("notify") { try await session.notify(channel, payload) }
  }
}

import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("Notifications", .timeLimit(.minutes(5)))
struct NotificationTests {
  /// The processes that listen in the test's database.
  private static let listeners: PostgresStatement = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND (query LIKE 'LISTEN%' OR query LIKE 'UNLISTEN%')
    """

  private func payload(_ event: PostgresNotificationEvent?) -> String? {
    if case .notification(let notification) = event { notification.payload } else { nil }
  }

  @Test("come in order to all who listen on their channel, once the transaction has committed")
  func order() async throws {
    try await TestDatabase.with { database in
      let channel = "Ünquoted \"channel\""
      var readers = (0..<2).map { _ in database.store.notifications(on: channel).makeAsyncIterator() }
      var other = database.store.notifications(on: "other").makeAsyncIterator()
      for index in readers.indices { #expect(try await readers[index].next() == .listening) }
      #expect(try await other.next() == .listening)
      _ = try? await database.store.withTransaction { transaction in
        try await transaction.notify(channel, "undone")
        throw CancellationError()
      }
      try await database.store.withTransaction { transaction in
        for payload in ["a", "b", ""] { try await transaction.notify(channel, payload) }
        try await transaction.notify("other", "c")
      }
      for index in readers.indices {
        for expected in ["a", "b", ""] { #expect(payload(try await readers[index].next()) == expected) }
      }
      #expect(payload(try await other.next()) == "c")
      try await database.withConnection { observer in
        let sessions = try await observer.query(Self.listeners).rowCount
        #expect(sessions == 1)
      }
    }
  }

  @Test("go on in a new session where the server ends the old one, and the reader is told of the gap")
  func lostSession() async throws {
    try await TestDatabase.with { database in
      var reader = database.store.notifications(on: "c").makeAsyncIterator()
      #expect(try await reader.next() == .listening)
      for round in ["1", "2"] {
        try await database.execute(
          "SELECT pg_terminate_backend(pid) FROM (\(Self.listeners)) AS listeners")
        #expect(try await reader.next() == .listening)
        try await database.store.withTransaction { try await $0.notify("c", round) }
        #expect(payload(try await reader.next()) == round)
      }
    }
  }

  @Test("end with their task, and the session with the last reader; a later one gets a new session")
  func endings() async throws {
    try await TestDatabase.with { database in
      for _ in 0..<3 {
        let listening = Gate()
        let task = Task {
          var events: [PostgresNotificationEvent] = []
          for try await event in database.store.notifications(on: "c") {
            events.append(event)
            listening.open()
          }
          return events
        }
        try await listening.wait()
        task.cancel()
        #expect(try await task.value == [.listening])
      }
      try await database.withConnection { observer in
        try await TestServer.until("NOT EXISTS (\(Self.listeners))", on: observer)
      }
    }
  }

  @Test("end when the store is closed")
  func closing() async throws {
    try await TestDatabase.with { database in
      let store = PostgresHotStore(database.configuration)
      var reader = store.notifications(on: "c").makeAsyncIterator()
      let first = try await reader.next()
      #expect(first == .listening)
      await store.close()
      #expect(try await reader.next() == nil)
      var late = store.notifications(on: "c").makeAsyncIterator()
      #expect(try await late.next() == nil)
    }
  }

  @Test("on no channel, or from no server, are an error")
  func errors() async throws {
    let store = PostgresHotStore("host=/nowhere/at/all connect_timeout=2")
    for (channel, code) in [
      ("", .invalidArgument), (String(repeating: "c", count: 64), .invalidArgument), ("c", .unavailable),
    ] as [(String, TokyoDataError.Code)] {
      let error = await tokyoError {
        var reader = store.notifications(on: channel).makeAsyncIterator()
        _ = try await reader.next()
      }
      #expect(error?.code == code)
    }
    await store.close()
  }

  @Test("beyond a slow reader's buffer are dropped, and the reader is told once at the place of the gap")
  func overflow() async throws {
    let buffer = NotificationBuffer(capacity: 2)
    func event(_ number: Int) -> PostgresNotificationEvent {
      .notification(PostgresNotification(channel: "c", payload: "\(number)", processID: 0))
    }
    for number in 1...5 { buffer.add(event(number)) }
    #expect(try await buffer.next() == event(1))
    #expect(try await buffer.next() == event(2))
    buffer.add(event(6))
    #expect(try await buffer.next() == .listening)
    #expect(try await buffer.next() == event(6))
    buffer.finish()
    #expect(try await buffer.next() == nil)
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("Canceling")
struct CancellationTests {
  private func isSleeping(_ process: Int32) -> PostgresStatement {
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')"
  }

  @Test("a task cancels its statement and leaves a clean connection", arguments: [false, true])
  func task(overSession: Bool) async throws {
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection(cancelsOverSession: overSession) { connection in
        let process = await connection.processID
        for _ in 0..<5 {
          let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
          try await TestServer.until(isSleeping(process), on: observer)
          task.cancel()
          await #expect(throws: CancellationError.self) { try await task.value }
          #expect(await connection.isReusable)
          #expect(try await connection.query("SELECT 1").row(0) == [1])
          #expect(await connection.processID == process)
        }
      }
    }
  }

  @Test("a timeout cancels the statement")
  func timeout() async throws {
    try await TestServer.withConnection { connection in
      #expect(
        await code { try await connection.execute("SELECT pg_sleep(600)", timeout: .milliseconds(50)) }
          == .deadlineExceeded)
      let row = try await connection.query("SELECT 1").row(0)
      #expect(row == [1])
    }
  }

  @Test("inside a transaction rolls it back and throws the cancellation")
  func transaction() async throws {
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        try await connection.execute("CREATE TEMP TABLE t (id int8)")
        let task = Task {
          try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO t VALUES (1)")
            try await transaction.execute("SELECT pg_sleep(600)")
          }
        }
        try await TestServer.until(isSleeping(process), on: observer)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await connection.query("SELECT count(*) FROM t").row(0) == [0])
        #expect(await connection.isReusable)
      }
    }
  }

  @Test("a task that waits for its turn leaves the line, and the statement before it goes on")
  func waiting() async throws {
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        try await observer.execute("SELECT pg_advisory_lock(4711)")
        let first = Task { try await connection.query("SELECT 7 FROM pg_advisory_lock(4711)") }
        try await TestServer.until(
          "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = \(process) AND NOT granted)", on: observer)
        let second = Task { try await connection.execute("SELECT 1") }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(
          await code { try await connection.execute("SELECT 1", timeout: .milliseconds(20)) }
            == .deadlineExceeded)
        try await observer.execute("SELECT pg_advisory_unlock(4711)")
        #expect(try await first.value.row(0) == [7])
      }
    }
  }

  @Test("a connection that is closed under a running statement ends it")
  func closing() async throws {
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
        try await TestServer.until(isSleeping(process), on: observer)
        await connection.close()
        #expect(await code { _ = try await task.value } == .closed)
        #expect(await connection.isOpen == false)
        try await observer.execute("SELECT pg_terminate_backend(\(process))")
      }
    }
  }

  @Test("a session that the server ends is a lost connection")
  func terminated() async throws {
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
        try await TestServer.until(isSleeping(process), on: observer)
        try await observer.execute("SELECT pg_terminate_backend(\(process))")
        #expect(await code { _ = try await task.value } == .connectionLost)
        #expect(await code { try await connection.execute("SELECT 1") } == .closed)
      }
    }
  }
}

import Synchronization
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("Faults of a server and its clients")
struct FaultTests {
  @Test("a server that refuses connections and then takes them again")
  func refusedThenBack() async throws {
    // Refused, a call waits for as long as a lease may take.
    var pool = PostgresPoolConfiguration(maximumConnections: 1)
    pool.leaseTimeout = .seconds(10)
    try await FaultBed.with(pool: pool) { bed in
      try await bed.expectCalm()
      bed.proxy.refuse()
      bed.proxy.cutAll()
      await bed.proxy.waitForEnd()
      for _ in 0..<3 {
        #expect(await code { try await bed.pool.withConnection { _ in } } == .connectionFailed)
      }
      try await bed.waitForSessions(0)
      try bed.proxy.takeAgain()
      try await bed.expectCalm()
    }
  }

  @Test("a server that says nothing while it is connected to is left in time")
  func silentAtConnecting() async throws {
    try await FaultBed.with { bed in
      var configuration = bed.configuration
      configuration.connectTimeout = .milliseconds(100)
      let hasty = configuration
      var number = 1
      while number <= 60 {
        let held = Mutex(false)
        bed.proxy.arm { [number] _, count in
          guard count == number else { return .pass }
          held.withLock { $0 = true }
          return .hold
        }
        let outcome = await code { try await PostgresConnection.connect(hasty).close() }
        bed.proxy.disarm()
        try await bed.waitForSessions(0)
        if outcome == nil { return }
        #expect(outcome == .deadlineExceeded)
        // On a busy machine the deadline may come before the message: once more.
        if held.withLock({ $0 }) { number += 1 }
      }
      Issue.record("connecting has more messages than are believable")
    }
  }

  @Test("a pool that can open no session says why")
  func poolSaysWhy() async throws {
    try await FaultBed.with { bed in
      var configuration = bed.configuration
      configuration.connectTimeout = .milliseconds(100)
      let pool = PostgresConnectionPool(configuration, pool: PostgresPoolConfiguration(maximumConnections: 1))
      bed.proxy.arm { _, _ in .hold }
      let error = await #expect(throws: PostgresError.self) { try await pool.withConnection { _ in } }
      bed.proxy.disarm()
      await pool.close()
      #expect(error?.code == .connectionFailed)
      #expect(error.map { "\($0)" }?.contains("deadlineExceeded") == true)
    }
  }

  @Test("a session that the server ends while it is idle is not lent again")
  func endedWhileIdle() async throws {
    try await FaultBed.with { bed in
      for _ in 0..<3 {
        try await bed.expectCalm()
        try await bed.terminateSessions()
        await bed.proxy.waitForEnd()
      }
      try await bed.expectCalm()
    }
  }

  @Test("a store's caller learns that the outcome of a transaction is unknown", arguments: [false, true])
  func outcomeUnknown(committed: Bool) async throws {
    try await FaultBed.with { bed in
      try await FaultTable.with(bed) { table in
        let store = PostgresHotStore(bed.configuration, maximumConnections: 1)
        bed.proxy.arm { message, _ in
          (committed ? message.isCompletion("COMMIT\0") : message.isQuery("COMMIT\0")) ? .cut : .pass
        }
        let insert: PostgresStatement = "INSERT INTO \(identifier: table.name) VALUES (1)"
        let error = await #expect(throws: TokyoDataError.self) {
          try await store.withTransaction(level: .readCommitted) { _ = try await $0.execute(insert) }
        }
        #expect(error?.code == .unavailable)
        #expect((error?.cause as? PostgresError)?.code == .outcomeUnknown)
        bed.proxy.disarm()
        try await bed.waitForSessions(0)
        try await store.withTransaction(level: .readCommitted) { _ = try await $0.execute(insert) }
        #expect(try await table.takeRows() == (committed ? 2 : 1))
        await store.close()
      }
    }
  }

  @Test("a statement timeout of the server ends the statement and nothing else")
  func statementTimeout() async throws {
    try await FaultBed.with { bed in
      try await bed.expectCalm()
      let process = try await bed.pool.withConnection { connection in
        try await connection.execute("SET statement_timeout = 20")
        let error = await #expect(throws: PostgresError.self) {
          try await connection.execute("SELECT pg_sleep(600)")
        }
        #expect(error.flatMap { PostgresServerError(in: $0) }?.sqlState == .queryCanceled)
        try await connection.execute("RESET statement_timeout")
        return await connection.processID
      }
      try await bed.expectCalm()
      #expect(try await bed.pool.withConnection { await $0.processID } == process)
    }
  }

  @Test("of two transactions in a deadlock one is done and the other is told so")
  func deadlock() async throws {
    try await FaultBed.with { bed in
      try await FaultTable.with(bed) { table in
        try await bed.observer.execute("INSERT INTO \(identifier: table.name) VALUES (1), (2)")
        let pool = PostgresConnectionPool(
          bed.configuration, pool: .patient(maximumConnections: 2))
        let bothHoldOne = Gate()
        let arrived = Counter()
        let outcomes = await withTaskGroup(of: SQLState?.self) { group in
          for (mine, other) in [(1, 2), (2, 1)] as [(Int64, Int64)] {
            group.addTask {
              do {
                try await pool.withConnection { connection in
                  try await connection.withTransaction { transaction in
                    try await transaction.execute("SET LOCAL deadlock_timeout = 10")
                    for id in [mine, other] {
                      try await transaction.execute(
                        "UPDATE \(identifier: table.name) SET id = id WHERE id = \(id)")
                      if id == mine, await arrived.increment() == 2 { bothHoldOne.open() }
                      if id == mine { try await bothHoldOne.wait() }
                    }
                  }
                }
                return nil
              } catch { return PostgresServerError(in: error)?.sqlState ?? SQLState(rawValue: "none") }
            }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(outcomes) == [nil, .deadlockDetected])
        let row = try await pool.withConnection { try await $0.query("SELECT 1").row(0) }
        #expect(row == [1])
        await pool.close()
        try await bed.waitForSessions(0)
      }
    }
  }

  private actor Counter {
    private var count = 0
    func increment() -> Int {
      count += 1
      return count
    }
  }
}

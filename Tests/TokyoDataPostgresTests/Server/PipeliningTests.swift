import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Statements that share a session")
struct PipeliningTests {
  @Test("of many tasks each get their own answer")
  func answers() async throws {
    try await TestServer.withConnection { connection in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<500 {
          group.addTask {
            let rows = try await connection.query("SELECT \(number) AS number, \("text \(number)") AS text")
            #expect(rows.row(0) == [.int(Int64(number)), .string("text \(number)")])
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test("are transactions of their own: one that fails takes no neighbor along")
  func failures() async throws {
    try await TestServer.withConnection { connection in
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<200 {
          group.addTask {
            do {
              let rows = try await connection.query("SELECT 100 / \(Int32(number % 4)) AS quotient")
              return rows.row(0) == [.int(Int64(100 / (number % 4)))]
            } catch SQLState.Class.dataException { return number % 4 == 0 } catch { return false }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count == 200 && outcomes.allSatisfy { $0 })
    }
  }

  @Test("go on when one of them is canceled while it runs")
  func cancellation() async throws {
    try await TestServer.withConnection { observer in
      try await TestServer.withConnection { connection in
        let process = await connection.processID
        let sleeper = Task { try await connection.execute("SELECT pg_sleep(600)") }
        try await TestServer.until(
          "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(process) AND wait_event = 'PgSleep')",
          on: observer)
        let neighbors = (0..<20).map { number in
          Task { try await connection.query("SELECT \(Int32(number)) AS number").row(0) }
        }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        for (number, neighbor) in neighbors.enumerated() {
          #expect(try await neighbor.value == [.int(Int64(number))])
        }
        // The request to cancel may still be under way; what comes next waits for its end.
        #expect(try await connection.query("SELECT 1 AS one").row(0) == [.int(1)])
        #expect(await connection.processID == process)
      }
    }
  }

  @Test("make room for a transaction that waits for the session")
  func turns() async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMPORARY TABLE counted (number int8)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<50 {
          group.addTask {
            // Others are refused while the transaction holds the session; they come back.
            while true {
              do {
                _ = try await connection.execute("INSERT INTO counted VALUES (\(number))")
                return
              } catch let error as PostgresError where error.code == .busy { await Task.yield() }
            }
          }
        }
        group.addTask {
          try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO counted VALUES (-1)")
            try await transaction.execute("INSERT INTO counted VALUES (-2)")
          }
        }
        try await group.waitForAll()
      }
      let counted = try await connection.query("SELECT count(*) AS rows, min(number) AS least FROM counted")
      #expect(counted.row(0) == [.int(52), .int(-2)])
    }
  }
}

@Suite("Statements that a session knows")
struct PreparedStatementTests {
  @Test("are prepared once and then run by name")
  func reuse() async throws {
    try await TestServer.withConnection { connection in
      for number in 0..<5 { _ = try await connection.query("SELECT \(number) AS once_prepared") }
      let prepared = try await connection.query(
        """
        SELECT count(*) AS statements FROM pg_prepared_statements
        WHERE statement LIKE '%once_prepared%' AND statement NOT LIKE '%pg_prepared%'
        """)
      #expect(prepared.row(0) == [.int(1)])
    }
  }

  @Test("are no more than the session keeps, and the server forgets the others")
  func eviction() async throws {
    var configuration = try TestServer.configuration()
    configuration.statementCacheSize = 4
    let connection = try await PostgresConnection.connect(configuration)
    for number in 0..<20 {
      let text = PostgresStatement(unescaped: "SELECT \(number) AS number_\(number)")
      #expect(try await connection.query(text).row(0) == [.int(Int64(number))])
    }
    let prepared = try await connection.query("SELECT count(*) AS statements FROM pg_prepared_statements")
    guard case .int(let count) = prepared.row(0)[0] else { throw CancellationError() }
    #expect(count <= 5)
    await connection.close()
  }

  @Test("follow a table that is altered, in the pipeline and in transactions", arguments: [false, true])
  func alteredTable(inTransaction: Bool) async throws {
    try await TestServer.withConnection { connection in
      try await connection.execute("CREATE TEMPORARY TABLE altered (number int4)")
      try await connection.execute("INSERT INTO altered VALUES (7)")
      func ask() async throws -> [ColumnValue] {
        guard inTransaction else { return try await connection.query("SELECT * FROM altered").row(0) }
        return try await connection.withTransaction { try await $0.query("SELECT * FROM altered").row(0) }
      }
      #expect(try await ask() == [.int(7)])
      try await connection.execute("ALTER TABLE altered ALTER number TYPE text, ADD more bool DEFAULT true")
      if inTransaction {
        // The transaction is over with the error; the statement is described anew in the next.
        await #expect(throws: (any Error).self) { try await ask() }
      }
      #expect(try await ask() == [.string("7"), .bool(true)])
    }
  }

  @Test("are described anew where the server was told to forget them")
  func deallocated() async throws {
    try await TestServer.withConnection { connection in
      #expect(try await connection.query("SELECT 1 AS one").row(0) == [.int(1)])
      try await connection.execute(script: "DEALLOCATE ALL")
      #expect(try await connection.query("SELECT 1 AS one").row(0) == [.int(1)])
    }
  }
}

@Suite("Statements behind a stream")
struct StatementsBehindStreamTests {
  @Test("get all their rows at once, though the stream's came one by one")
  func rows() async throws {
    try await TestServer.withConnection { connection in
      let statement: PostgresStatement = "SELECT number FROM generate_series(1, 3) AS number"
      #expect(try await connection.query(statement).rowCount == 3)
      for _ in 0..<3 {
        try await connection.withStream(statement) { batches in for try await _ in batches {} }
        #expect(try await connection.query(statement).rowCount == 3)
      }
    }
  }
}

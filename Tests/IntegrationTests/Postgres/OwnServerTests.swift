import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("A server that is killed or full")
struct OwnServerTests {
  /// When the server is killed.
  enum Moment: String, CaseIterable, Sendable {
    case query
    case copyOut
    case copyIn
    case commit
  }

  @Test("killed in the middle of a call: the caller learns it, later calls work", arguments: Moment.allCases)
  func killed(moment: Moment) async throws {
    try await OwnServer.with { server in
      try await FaultBed.with(url: server.url) { bed in
        try await bed.observer.execute("CREATE TABLE t (id int8)")
        let process = try await bed.pool.withConnection { await $0.processID }
        let code = await code {
          try await bed.pool.withConnection { connection in
            try await Self.run(moment, on: connection, bed) { server.kill(process) }
          }
        }
        #expect(code == (moment == .commit ? .outcomeUnknown : .connectionLost))
        bed.proxy.disarm()
        try await server.waitUntilBack(after: bed.observer)
        let rows = try await bed.pool.withConnection { try await $0.query("SELECT * FROM t").rowCount }
        #expect(rows == 0)
        let count = try await bed.pool.withConnection {
          try await $0.query(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = \(bed.name)"
          ).row(0)
        }
        #expect(count == [1])
      }
    }
  }

  /// Runs a call of which the server sees the kill in the middle.
  private static func run(
    _ moment: Moment, on connection: PostgresConnection, _ bed: FaultBed,
    _ kill: @escaping @Sendable () -> Void
  ) async throws {
    let endless: PostgresStatement = "SELECT generate_series(1, 1000000000::int8) AS id"
    switch moment {
    case .query:
      let task = Task { try await connection.execute("SELECT pg_sleep(600)") }
      try await bed.waitForSleep()
      kill()
      _ = try await task.value
    case .copyOut:
      try await connection.withCopyOut(endless, as: FaultWork.schema(), from: [.int8]) { batches in
        var isFirst = true
        for try await _ in batches {
          if isFirst { kill() }
          isFirst = false
        }
      }
    case .copyIn:
      bed.proxy.arm { message, _ in
        // The first piece of the rows has not left yet: the server waits for it.
        if message.sender == .client, message.kind == "d" { kill() }
        return .pass
      }
      var builder = ColumnBatchBuilder(try FaultWork.schema())
      for id in 0..<100_000 { try builder.append(row: [.int(Int64(id))]) }
      try await connection.copyIn(builder.finish(), into: "t")
    case .commit:
      bed.proxy.arm { message, _ in
        if message.isQuery("COMMIT\0") { kill() }
        return message.isQuery("COMMIT\0") ? .hold : .pass
      }
      let task = Task {
        try await connection.withTransaction { try await $0.execute("INSERT INTO t VALUES (1)") }
      }
      _ = await bed.proxy.nextEvent()
      bed.proxy.disarm()
      _ = try await task.value
    }
  }

  @Test("killed in the middle of COMMIT: nobody knows what became of it, so it is not tried again")
  func killedAtCommit() async throws {
    try await OwnServer.with { server in
      try await FaultBed.with(url: server.url) { bed in
        try await bed.observer.execute("CREATE TABLE t (id int8)")
        let store = PostgresHotStore(bed.configuration, maximumConnections: 1)
        let process = Mutex<Int32>(0)
        bed.proxy.arm { message, _ in
          guard message.isQuery("COMMIT\0") else { return .pass }
          server.kill(process.withLock { $0 })
          return .hold
        }
        let attempts = Mutex(0)
        let task = Task {
          try await store.withTransaction(retries: 5) { transaction in
            attempts.withLock { $0 += 1 }
            try await transaction.execute("INSERT INTO t VALUES (1)")
            let row = try await transaction.query("SELECT pg_backend_pid()").decode(Int32.self)
            process.withLock { $0 = row[0] }
          }
        }
        _ = await bed.proxy.nextEvent()
        bed.proxy.disarm()
        let error = await #expect(throws: TokyoDataError.self) { try await task.value }
        #expect((error?.cause as? PostgresError)?.code == .outcomeUnknown)
        #expect(attempts.withLock { $0 } == 1)
        try await server.waitUntilBack(after: bed.observer)
        let rows = try await store.query("SELECT * FROM t").rowCount
        #expect(rows == 0)
        await store.close()
      }
    }
  }

  @Test("a server without a session left refuses, and serves again when one is free")
  func full() async throws {
    try await OwnServer.with { server in
      try await FaultBed.with(url: server.url) { bed in
        // Some sessions are kept for administrators, which this role is not.
        try await bed.observer.execute("CREATE ROLE somebody LOGIN")
        var configuration = bed.configuration
        configuration.overrides.append(("user", "somebody"))
        var held: [PostgresConnection] = []
        var refusal: (any Error)?
        while refusal == nil, held.count < 300 {
          do { held.append(try await PostgresConnection.connect(configuration)) } catch { refusal = error }
        }
        #expect((refusal as? PostgresError)?.code == .connectionFailed)
        #expect((190..<200).contains(held.count))
        let pool = PostgresConnectionPool(
          configuration, pool: .patient(maximumConnections: 1))
        #expect(await code { try await pool.withConnection { _ in } } == .connectionFailed)
        await held.removeLast().close()
        try await bed.waitForSessions(held.count)
        let row = try await pool.withConnection { try await $0.query("SELECT 1").row(0) }
        #expect(row == [1])
        for connection in held { await connection.close() }
        await pool.close()
        try await bed.waitForSessions(0)
      }
    }
  }
}

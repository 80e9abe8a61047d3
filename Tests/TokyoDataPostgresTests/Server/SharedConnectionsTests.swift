import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Statements through a store", .timeLimit(.minutes(5)))
struct SharedConnectionsTests {
  private static func store(_ maximum: Int) throws -> PostgresHotStore {
    var pool = PostgresPoolConfiguration(maximumConnections: maximum)
    // On a busy machine waiting is no error; the suite's limit finds who waits for ever.
    pool.leaseTimeout = nil
    return PostgresHotStore(try TestServer.configuration(), pool: pool)
  }

  @Test("of hundreds of tasks share a few sessions")
  func few() async throws {
    let store = try Self.store(16)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask {
          let row = try await store.query("SELECT \(number) AS number").row(0)
          #expect(row == [.int(Int64(number))])
          #expect(store.pool.counts.used <= 4)
        }
      }
      try await group.waitForAll()
    }
    await store.close()
  }

  @Test("and transactions get along with a single session")
  func single() async throws {
    let store = try Self.store(1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          let row =
            number % 3 == 0
            ? try await store.withTransaction(level: .readCommitted) {
              try await $0.query("SELECT \(number) AS number").row(0)
            } : try await store.query("SELECT \(number) AS number").row(0)
          #expect(row == [.int(Int64(number))])
        }
      }
      try await group.waitForAll()
    }
    #expect(store.pool.counts.used + store.pool.counts.idle <= 1)
    await store.close()
  }

  @Test("go on after the server has ended their session")
  func replacement() async throws {
    let store = try Self.store(4)
    try await TestServer.withConnection { observer in
      for _ in 0..<3 {
        let process = try await store.query("SELECT pg_backend_pid() AS process").row(0)
        guard case .int(let number) = process[0] else { throw CancellationError() }
        try await observer.execute("SELECT pg_terminate_backend(\(Int32(number)), 10000)")
        // The first call may meet the session before its end is known here; never a second one.
        _ = try? await store.query("SELECT 1 AS one")
        let row = try await store.query("SELECT 1 AS one").row(0)
        #expect(row == [.int(1)])
      }
    }
    await store.close()
  }
}

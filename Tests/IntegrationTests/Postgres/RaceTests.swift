import Foundation
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// Cancel, timeout, kill and success against each other, in an order that follows from a seed.
///
/// `TOKYO_RACE_SEED` and `TOKYO_RACE_ROUNDS` say which and how many; a failure names its seed.
@Suite("A race of outcomes")
struct RaceTests {
  /// What happens to a round's statement while it runs.
  enum Ending: CaseIterable {
    case success
    case cancel
    case timeout
    case kill
  }

  @Test("10,000 rounds leave no session, descriptor, thread or memory behind")
  func race() async {
    // In a process of its own: the other tests' threads and descriptors would come and go meanwhile.
    await #expect(processExitsWith: .success) {
      let environment = ProcessInfo.processInfo.environment
      let seed = environment["TOKYO_RACE_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: .min ... .max)
      let rounds = environment["TOKYO_RACE_ROUNDS"].flatMap { Int($0) } ?? 10_000
      guard let url = environment["TOKYO_TEST_POSTGRES_URL"] else { throw FaultBed.MissingService() }
      var configuration = PostgresConfiguration(url)
      configuration.applicationName = "race \(seed)"
      let race = Race(
        seed: seed,
        pool: PostgresConnectionPool(
          configuration, pool: .patient(maximumConnections: Race.connections)),
        observer: try await PostgresConnection.connect(PostgresConfiguration(url)))
      try await race.run(rounds: rounds)
    }
  }
}

/// Tasks that share a small pool, each of which plays rounds with random numbers of its own.
private struct Race: Sendable {
  let seed: UInt64
  let pool: PostgresConnectionPool
  /// The session that kills others and looks on.
  let observer: PostgresConnection
  private let tasks = 8
  static let connections = 4

  private var comment: Comment { "TOKYO_RACE_SEED=\(seed)" }

  func run(rounds: Int) async throws {
    // The first rounds make what stays: the canceller's thread, the runtime's, the allocator's arenas.
    try await play(500)
    try await settle()
    let before = try ProcessUsage.now()
    try await play(rounds)
    try await settle()
    var after = try ProcessUsage.now()
    // A thread that ends by itself has said so before it is gone.
    while after.threads > before.threads || after.descriptors > before.descriptors {
      guard Self.patience > .now else { break }
      await Task.yield()
      after = try ProcessUsage.now()
    }
    #expect(after.descriptors <= before.descriptors, comment)
    #expect(after.threads <= before.threads, comment)
    // Allocators keep what they had at the busiest moment, which was not the same in the warm-up.
    #expect(after.megabytes <= before.megabytes + 8, comment)
    await pool.close()
    await observer.close()
  }

  private static let patience = ContinuousClock.now + .seconds(170)

  /// Every connection of the pool works, and the server has no other session of ours.
  private func settle() async throws {
    try await hold(Self.connections)
    let count: PostgresStatement = """
      SELECT count(*) FROM pg_stat_activity WHERE application_name = \(pool.configuration.applicationName)
      """
    while try await observer.query(count).row(0) != [.int(Int64(Self.connections))] {
      guard Self.patience > .now else {
        Issue.record("the server has other sessions than the pool's: \(comment)")
        return
      }
    }
  }

  /// Uses as many connections at once.
  private func hold(_ count: Int) async throws {
    guard count > 0 else { return }
    try await pool.withConnection { connection in
      let row = try await connection.query("SELECT 1").row(0)
      #expect(row == [1], comment)
      try await hold(count - 1)
    }
  }

  private func play(_ rounds: Int) async throws {
    try await withThrowingTaskGroup { group in
      for task in 0..<tasks {
        group.addTask {
          var random = SplitMix64(seed: seed &+ UInt64(task) &* 0x1_0000_0001)
          for _ in 0..<(rounds / tasks) { try await round(&random) }
        }
      }
      try await group.waitForAll()
    }
  }

  private func round(_ random: inout SplitMix64) async throws {
    // Kills are the dearest, as a session has to be opened for each.
    let ending: RaceTests.Ending =
      switch random.next(upperBound: 100 as UInt64) {
      case ..<40: .success
      case ..<65: .cancel
      case ..<90: .timeout
      default: .kill
      }
    let work = Work.allCases.randomElement(using: &random) ?? .query
    let steps = random.next(upperBound: 60 as UInt64)
    let timeout: Duration? =
      ending == .timeout ? .microseconds(Int(random.next(upperBound: 2_000 as UInt64))) : nil
    let task = Task {
      try await pool.withConnection { connection in
        guard ending == .kill else { return try await work.run(on: connection, timeout: timeout) }
        let process = await connection.processID
        async let killed = observer.execute("SELECT pg_terminate_backend(\(process))")
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await work.run(on: connection, timeout: nil)) } catch {
          outcome = .failure(error)
        }
        _ = try await killed
        // The signal is on its way; the next to have this session would feel it.
        await connection.close()
        try outcome.get()
      }
    }
    if ending == .cancel {
      for _ in 0..<steps { await Task.yield() }
      task.cancel()
    }
    switch await task.result {
    case .success: break
    case .failure(let error):
      switch (ending, error) {
      case (.cancel, is CancellationError): break
      case (.timeout, let error as PostgresError): #expect(error.code == .deadlineExceeded, comment)
      case (.kill, let error as PostgresError):
        #expect([.connectionLost, .closed, .outcomeUnknown].contains(error.code), comment)
      default: Issue.record(error, comment)
      }
    }
  }

  /// What a round runs.
  private enum Work: CaseIterable {
    case query
    case wait
    case stream
    case copyIn
    case transaction

    func run(on connection: PostgresConnection, timeout: Duration?) async throws {
      switch self {
      case .query: _ = try await connection.query("SELECT \(Int64(7)) AS n", timeout: timeout)
      case .wait: try await connection.execute("SELECT pg_sleep(0.001)", timeout: timeout)
      case .stream:
        try await connection.withStream(
          "SELECT generate_series(1, 300)", batch: BatchSize(rows: 100), timeout: timeout
        ) { for try await _ in $0 {} }
      case .copyIn:
        try await connection.withTransaction { transaction in
          try await transaction.execute(
            "CREATE TEMP TABLE c (id int8) ON COMMIT DROP", timeout: timeout)
          var builder = ColumnBatchBuilder(try FaultWork.schema())
          for id in 0..<50 { try builder.append(row: [.int(Int64(id))]) }
          try await transaction.copyIn(builder.finish(), into: "c", timeout: timeout)
        }
      case .transaction:
        try await connection.withTransaction { transaction in
          for _ in 0..<3 { _ = try await transaction.query("SELECT 1", timeout: timeout) }
        }
      }
    }
  }
}

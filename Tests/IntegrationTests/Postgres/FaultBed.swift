import Foundation
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// A pool that reaches its server through a proxy, and an observer who reaches it without.
struct FaultBed: Sendable {
  struct MissingService: Error, CustomStringConvertible {
    var description: String { "TOKYO_TEST_POSTGRES_URL is not set: run Tests/run" }
  }

  let proxy: FaultProxy
  /// What leads to the server through the proxy.
  let configuration: PostgresConfiguration
  /// One connection, so that it is known which one a call uses.
  let pool: PostgresConnectionPool
  let observer: PostgresConnection
  /// The application's name, which tells these sessions from others.
  let name: String

  /// Runs `body` on the server that `Tests/run` starts, or on another one.
  static func with<Result>(
    url: String? = nil, pool: PostgresPoolConfiguration = .patient(maximumConnections: 1),
    _ body: (FaultBed) async throws -> Result
  ) async throws -> Result {
    await FaultSlots.shared.take()
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await inSlot(url, pool, body)) } catch { outcome = .failure(error) }
    await FaultSlots.shared.giveBack()
    return try outcome.get()
  }

  private static func inSlot<Result>(
    _ url: String?, _ pool: PostgresPoolConfiguration, _ body: (FaultBed) async throws -> Result
  ) async throws -> Result {
    guard let url = url ?? ProcessInfo.processInfo.environment["TOKYO_TEST_POSTGRES_URL"],
      let port = URLComponents(string: url)?.port
    else { throw MissingService() }
    let proxy = try FaultProxy(to: port)
    defer { proxy.close() }
    let name = "faults \(UInt64.random(in: .min ... .max))"
    var configuration = PostgresConfiguration(url)
    configuration.applicationName = name
    configuration.overrides = [
      ("port", "\(proxy.port)"), ("sslmode", "disable"), ("gssencmode", "disable"),
    ]
    let bed = FaultBed(
      proxy: proxy, configuration: configuration, pool: PostgresConnectionPool(configuration, pool: pool),
      observer: try await PostgresConnection.connect(PostgresConfiguration(url)), name: name)
    let outcome: Swift.Result<Result, any Error>
    do { outcome = .success(try await body(bed)) } catch { outcome = .failure(error) }
    proxy.disarm()
    await bed.pool.close()
    await bed.observer.close()
    return try outcome.get()
  }

  // MARK: The server's view

  /// Waits until the server has this many sessions of ours; a clock decides nothing.
  func waitForSessions(_ count: Int) async throws {
    try await wait(for: "(SELECT count(*) FROM pg_stat_activity WHERE application_name = \(name)) = \(count)")
  }

  /// Waits until one of our sessions sleeps in a statement.
  func waitForSleep() async throws {
    try await wait(
      for: """
        EXISTS (SELECT FROM pg_stat_activity WHERE application_name = \(name) AND wait_event = 'PgSleep')
        """)
  }

  func wait(for condition: PostgresStatement) async throws {
    while try await observer.query("SELECT (\(condition))::bool").row(0) != [.bool(true)] {
      try Task.checkCancellation()
    }
  }

  /// Ends our sessions on the server, and waits until they are gone.
  func terminateSessions() async throws {
    try await observer.execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = \(name)")
    try await waitForSessions(0)
  }

  // MARK: After a fault

  /// The next call works, and the server has the sessions it had before.
  func expectCalm() async throws {
    proxy.disarm()
    let row = try await pool.withConnection { try await $0.query("SELECT 1").row(0) }
    #expect(row == [1])
    try await waitForSessions(1)
    await proxy.waitForEnd(downTo: 1)
  }
}

extension PostgresPoolConfiguration {
  /// After a fault a pool connects anew, which beside hundreds of tests may take longer than a service would wait.
  static func patient(maximumConnections: Int) -> PostgresPoolConfiguration {
    var configuration = PostgresPoolConfiguration(maximumConnections: maximumConnections)
    configuration.leaseTimeout = .seconds(120)
    return configuration
  }
}

/// Lets few tests play at once: each takes several of the server's connections, of which others need some too.
private actor FaultSlots {
  static let shared = FaultSlots()

  private var free = 4
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// The code of the `PostgresError` that `body` throws, or nil.
func code(of body: () async throws -> Void) async -> PostgresError.Code? {
  do {
    try await body()
    return nil
  } catch { return (error as? PostgresError)?.code }
}

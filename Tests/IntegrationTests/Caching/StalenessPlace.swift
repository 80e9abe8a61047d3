import Foundation
import TokyoData

@testable import TokyoDataPostgres

/// Where the processes of a history meet: a database of their own, a lake in a folder, and keys of one Redis.
struct StalenessPlace: Codable, Sendable {
  struct MissingService: Error, CustomStringConvertible {
    let description = "TOKYO_TEST_POSTGRES_URL or TOKYO_TEST_REDIS_URL is not set: run Tests/run"
  }

  static let dayCount = 16
  /// How many tasks write, each rows of its own on every day.
  static let owners = 12
  static let table = "sales"

  let name: String
  let folder: String
  let firstDay: Day
  /// What the processes do follows from it; when they do it does not.
  let seed: UInt64

  /// Lends a place, and removes it whatever happens.
  static func with(_ body: (StalenessPlace) async throws -> Void) async throws {
    let seed = UInt64.random(in: .min ... .max)
    let name = "stale_\(seed)"
    let folder = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let place = StalenessPlace(
      name: name, folder: folder.path, firstDay: Timestamp.systemNow().day.advanced(by: -30), seed: seed)
    let server = PostgresHotStore(try variable("TOKYO_TEST_POSTGRES_URL"))
    try await server.execute("CREATE DATABASE \(identifier: name)")
    let outcome: Result<Void, any Error>
    do {
      try await place.install()
      outcome = .success(try await body(place))
    } catch { outcome = .failure(error) }
    try await server.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
    await server.close()
    try outcome.get()
  }

  private func install() async throws {
    let hot = try openHot()
    try await hot.execute(
      """
      CREATE TABLE \(identifier: Self.table) (
        id bigint PRIMARY KEY, number bigint NOT NULL, at timestamptz NOT NULL)
      """)
    try await hot.install(
      DatasetProposal(table: Self.table, timeColumn: "at", policy: DatasetPolicy(hotDays: 1)))
    try await begin(hot)
    await hot.close()
  }

  /// Writes every row with number 0; half of the days are cold from the start.
  private func begin(_ hot: PostgresHotStore) async throws {
    let rows = (0..<Self.dayCount).flatMap { day in
      (0..<Self.owners).map { owner -> PostgresStatement in
        "(\(Self.id(day: day, owner: owner)), 0, \(self.day(day).start))"
      }
    }
    try await hot.execute(
      "INSERT INTO \(identifier: Self.table) (id, number, at) VALUES \(.joining(rows, separator: ", "))")
    let etl = ETL(from: hot, to: try openLake())
    let dataset = try DatasetName(Self.table)
    _ = try await etl.export(dataset)
    _ = try await etl.retire(dataset, before: day(Self.dayCount / 2))
  }

  func day(_ index: Int) -> Day { firstDay.advanced(by: index) }

  /// The row of an owner on a day.
  static func id(day: Int, owner: Int) -> Int64 { Int64(day * 100 + owner) }

  static func ids(of days: ClosedRange<Int>) -> [Int64] {
    days.flatMap { day in (0..<owners).map { id(day: day, owner: $0) } }
  }

  func openHot() throws -> PostgresHotStore {
    var configuration = PostgresConfiguration(try Self.variable("TOKYO_TEST_POSTGRES_URL"))
    configuration.overrides.append(("dbname", name))
    return PostgresHotStore(configuration, maximumConnections: 6)
  }

  func openLake() throws -> Lake { try Lake.local(folder: folder + "/lake", isDurable: false) }

  func openCache() throws -> RedisCache {
    var configuration = try RedisConfiguration(url: try Self.variable("TOKYO_TEST_REDIS_URL"))
    configuration.keyPrefix = name
    return try RedisCache(configuration)
  }

  /// The file that a process leaves its log in.
  func log(of process: Int) -> URL { URL(filePath: folder).appending(path: "log-\(process).json") }

  private static func variable(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { throw MissingService() }
    return value
  }
}

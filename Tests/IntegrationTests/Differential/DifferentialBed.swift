import Foundation
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataPostgres

/// The rows of a scenario in every kind of store, for the length of a test.
///
/// Some rows of some days lie only in the versions, and are excluded there by their keys.
struct DifferentialBed: Sendable {
  let scenario: RandomScenario
  /// The one that the others are measured by.
  let oracle: DifferentialStore
  /// One more store is one more element.
  let stores: [DifferentialStore]
  /// What must be caught.
  let planted: DifferentialStore

  static func with<Result>(
    _ scenario: RandomScenario, _ body: (DifferentialBed) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "lake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lake = try Lake.local(folder: folder.path, isDurable: false)
    let memory = InMemoryColdStore()
    let pinned = try await write(scenario, to: lake) { memory.add($0, rows: [$1]) }
    let laboratory = try await DifferentialLaboratory()
    let cloud = try await write(scenario, to: laboratory.lake)
    return try await DifferentialDatabase.with(scenario.dataset) { postgres in
      for (number, (_, rows)) in scenario.days.enumerated() {
        let kept = (0..<rows.rowCount).filter { !excluded(from: number).contains($0) }
        let batch = try rows.gathering(kept)
        try await postgres.withTransaction { (transaction: any HotTransaction) in
          try await transaction.insert(batch, into: scenario.dataset.name)
        }
      }
      let dataset = scenario.dataset
      return try await body(
        DifferentialBed(
          scenario: scenario, oracle: .cold(memory, pinned, of: dataset),
          stores: [
            .cold(LakeColdStore(lake), pinned, of: dataset), .hot(postgres),
            .cold(laboratory.store, cloud, of: dataset, every: athenaEvery),
          ],
          planted: .meanOfMeans(memory, pinned, of: dataset)))
    }
  }

  /// Writes a version of each day, and pins it without some of its rows.
  private static func write(
    _ scenario: RandomScenario, to lake: Lake, _ note: (VersionRecord, ColumnBatch) -> Void = { _, _ in }
  ) async throws -> [PinnedVersion] {
    var versions: [PinnedVersion] = []
    for (number, (day, rows)) in scenario.days.enumerated() {
      let record = lake.newVersion(
        of: scenario.dataset, day: day, id: VersionID(at: day.next.start), snapshot: "s",
        exportedAt: day.next.start)
      let writer = try VersionWriter(record, of: scenario.dataset, to: lake)
      try await writer.write(rows)
      let written = try await writer.finish()
      try await lake.catalog.add([CatalogPartition(written, of: scenario.dataset)], of: scenario.dataset)
      note(written, rows)
      let excluded = excluded(from: number)
      versions.append(
        PinnedVersion(
          written,
          excludedKeys: excluded.isEmpty ? nil : try rows.selecting(["id"]).gathering(excluded)))
    }
    return versions
  }

  /// The laboratory takes many times as long for a query as the others: unless `TOKYO_TEST_ATHENA_EVERY` says
  /// otherwise it is asked every fifth.
  private static let athenaEvery =
    ProcessInfo.processInfo.environment["TOKYO_TEST_ATHENA_EVERY"].flatMap { Int($0) } ?? 5

  private static func excluded(from day: Int) -> [Int] { day % 3 == 1 ? [0, 3, 5] : [] }
}

/// A database of its own, in which a dataset is installed and has no rows.
enum DifferentialDatabase {
  static func with<Result>(
    _ dataset: Dataset, _ body: (PostgresHotStore) async throws -> Result
  ) async throws -> Result {
    guard let url = ProcessInfo.processInfo.environment["TOKYO_TEST_POSTGRES_URL"] else {
      throw FaultBed.MissingService()
    }
    let server = try await PostgresConnection.connect(PostgresConfiguration(url))
    let name = "differential_\(UInt64.random(in: .min ... .max))"
    // A collation that is not that of bytes: where a COLLATE "C" is forgotten, the order differs.
    try await server.execute(
      "CREATE DATABASE \(identifier: name) TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    var configuration = PostgresConfiguration(url)
    configuration.overrides.append(("dbname", name))
    let store = PostgresHotStore(configuration, maximumConnections: 4)
    let outcome: Swift.Result<Result, any Error>
    do {
      let columns = dataset.schema.fields.map { field -> PostgresStatement in
        let rest = typeName(field.type) + (field.isNullable ? "" : " NOT NULL")
        return "\(identifier: field.name) \(unescaped: rest)"
      }
      try await store.execute(
        "CREATE TABLE \(identifier: "\(dataset.name)") (\(.joining(columns, separator: ", ")), PRIMARY KEY (id))"
      )
      try await store.install(dataset)
      outcome = .success(try await body(store))
    } catch { outcome = .failure(error) }
    await store.close()
    try await server.execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
    await server.close()
    return try outcome.get()
  }

  private static func typeName(_ type: ColumnType) -> String {
    switch type {
    case .bool: "boolean"
    case .int16: "smallint"
    case .int32: "integer"
    case .int64: "bigint"
    case .float: "real"
    case .double: "double precision"
    case .decimal(let precision, let scale): "numeric(\(precision),\(scale))"
    case .bytes: "bytea"
    case .date: "date"
    case .timestamp: "timestamptz"
    case .localTimestamp: "timestamp"
    default: "text"
    }
  }
}

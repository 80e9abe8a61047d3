import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// A dataset and versions of it.
enum GlueScenario {
  static let day = Day(daysSince1970: 20_454)

  static func dataset(
    _ name: String = "events", isDated: Bool = true, adding: [ColumnField] = []
  ) throws -> Dataset {
    try Dataset(
      DatasetName(name),
      schema: ColumnSchema(
        [
          ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
          ColumnField("Amount", .decimal(precision: 12, scale: 2)),
        ] + adding), primaryKey: ["id"], timeColumn: isDated ? "at" : nil)
  }

  static func record(_ number: Int = 0, of dataset: Dataset, day: Day? = nil) throws -> VersionRecord {
    let day = dataset.isDated ? day ?? Self.day.advanced(by: number) : Dataset.undatedUnit
    let id = VersionID(at: day.start.adding(microseconds: Int64(number) * 1_000_000))
    return VersionRecord(
      id: id, day: day, location: try LakeLayout().location(of: id, day: day, in: dataset),
      schemaFingerprint: dataset.schemaFingerprint, snapshot: "s", exportedAt: day.next.start)
  }

  static func partitions(_ records: [VersionRecord], of dataset: Dataset) -> [CatalogPartition] {
    records.map { CatalogPartition($0, of: dataset) }
  }
}

/// A clock on which nobody waits.
struct HurriedClock: Clock {
  typealias Instant = ContinuousClock.Instant
  var now: Instant { ContinuousClock.now }
  var minimumResolution: Duration { .nanoseconds(1) }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws { try Task.checkCancellation() }
}

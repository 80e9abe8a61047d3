import Testing
import TokyoDataLake

/// A small dataset, its rows and its versions, as the tests of this module use them.
enum LakeScenario {
  static let day = Day(daysSince1970: 20_455)

  static func dataset(
    _ name: String = "events", isDated: Bool = true, adding: [ColumnField] = [],
    policy: DatasetPolicy = DatasetPolicy()
  ) throws -> Dataset {
    try Dataset(
      DatasetName(name),
      schema: ColumnSchema(
        [
          ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
          ColumnField("tag", .string), ColumnField("amount", .decimal(precision: 12, scale: 2)),
          ColumnField("score", .double),
        ] + adding), primaryKey: ["id"], timeColumn: isDated ? "at" : nil, policy: policy)
  }

  static func record(_ dataset: Dataset, day: Day = day) -> VersionRecord {
    let id = VersionID(at: day.next.start)
    return VersionRecord(
      id: id, day: day, location: "\(dataset.name)/\(day)/\(id)",
      schemaFingerprint: dataset.schemaFingerprint, snapshot: "s-1", exportedAt: day.next.start)
  }
}

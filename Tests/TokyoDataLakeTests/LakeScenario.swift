import Testing
import TokyoDataLake
import TokyoDataTesting

/// A lake in a folder of its own, a small dataset, and versions of it.
struct LakeScenario {
  static let day = Day(daysSince1970: 20_455)

  let folder: TemporaryFolder
  let lake: Lake
  let dataset: Dataset

  init(_ dataset: Dataset? = nil) throws {
    folder = try TemporaryFolder()
    lake = try Lake.local(folder: folder.path, isDurable: false)
    self.dataset = try dataset ?? Self.dataset()
  }

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

  /// Rows `ids` of a day: one each 17 microseconds behind a second, every seventh without a tag.
  func rows(_ ids: Range<Int>, day: Day = day) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(dataset.schema, capacity: ids.count)
    for id in ids {
      try builder.append(row: [
        .int(Int64(id)), .timestamp(day.start.adding(microseconds: Int64(id % 86_000) * 1_000_017)),
        id % 7 == 0 ? .null : .string("tag-\(id % 5)"),
        .decimal(Decimal128(unscaled: Int128(id) * 25, scale: 2)), .double(Double(id) / 8),
      ])
    }
    return try builder.finish()
  }

  func newVersion(day: Day = day) -> VersionRecord {
    lake.newVersion(
      of: dataset, day: day, id: VersionID(at: day.next.start), snapshot: "s-1", exportedAt: day.next.start)
  }

  /// Writes a version of these batches, and adds its partition.
  func write(
    _ batches: [ColumnBatch], day: Day = day, options: VersionWriterOptions = VersionWriterOptions()
  ) async throws -> VersionRecord {
    let writer = try VersionWriter(newVersion(day: day), of: dataset, to: lake, options: options)
    for batch in batches { try await writer.write(batch) }
    let record = try await writer.finish()
    try await lake.catalog.add([CatalogPartition(record, of: dataset)], of: dataset)
    return record
  }

  func read(
    _ query: Query, _ versions: [VersionRecord], width: Int = 3
  ) async throws -> (answer: ColumnBatch, statistics: ReadStatistics) {
    let resolved = try ResolvedQuery(query, for: dataset)
    var merger = ResultMerger(resolved)
    let statistics = try await LakeColdStore(lake, width: width).read(
      resolved, from: versions.map { PinnedVersion($0) }
    ) { try merger.add($0) }
    return (try merger.finish(), statistics)
  }

  /// The error of an operation that must fail with one of ours.
  static func error(_ body: () async throws -> Void) async -> TokyoDataError? {
    do { try await body() } catch { return error as? TokyoDataError }
    return nil
  }
}

/// What the contract's cases need, over a lake in a folder.
struct LakeColdStoreFixture: ColdStoreFixture {
  let folder: TemporaryFolder
  let lake: Lake

  init() throws {
    folder = try TemporaryFolder()
    lake = try Lake.local(folder: folder.path, isDurable: false)
  }

  var store: any ColdStore { LakeColdStore(lake) }

  func write(_ rows: ColumnBatch, as day: Day, of dataset: Dataset) async throws -> VersionRecord {
    let record = lake.newVersion(
      of: dataset, day: day, id: VersionID(at: day.next.start), snapshot: "s", exportedAt: day.next.start)
    let writer = try VersionWriter(record, of: dataset, to: lake)
    try await writer.write(rows)
    return try await writer.finish()
  }
}

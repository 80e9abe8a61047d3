import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

/// A lake in the laboratory's S3, a database of its Glue, and a place for results of its Athena.
struct ColdBench {
  let s3: S3Bench
  let lake: Lake
  let database = JSONLaboratory.newName("db")

  init() async throws {
    s3 = try await S3Bench()
    let catalog = try GlueCatalog(
      database: database, bucket: s3.bucket, layout: LakeLayout(), client: JSONLaboratory.client(),
      clock: HurriedClock())
    lake = try Lake(try s3.store(), catalog)
  }

  /// A store that leaves nothing to the lake's own reader unless told otherwise.
  func athena(_ change: (inout AthenaOptions) -> Void = { _ in }) throws -> AthenaColdStore {
    var options = AthenaOptions()
    options.smallRead = .none
    options.outputLocation = "s3://\(s3.bucket)/results/"
    change(&options)
    let client = try JSONLaboratory.client()
    return AthenaColdStore(
      lake, database: database, workgroup: "primary", engine: AthenaEngine(athena: client, storage: s3.aws),
      options: options)
  }

  /// Writes rows as a version of a day, and adds its partition.
  func write(_ rows: [ColumnBatch], as day: Day, of dataset: Dataset) async throws -> VersionRecord {
    let record = lake.newVersion(
      of: dataset, day: day, id: VersionID(at: day.next.start), snapshot: "s", exportedAt: day.next.start)
    let writer = try VersionWriter(record, of: dataset, to: lake)
    for batch in rows { try await writer.write(batch) }
    let written = try await writer.finish()
    try await lake.catalog.add([CatalogPartition(written, of: dataset)], of: dataset)
    return written
  }

  /// The answer of a cold store alone, and what it took.
  func answer(
    _ store: some ColdStore, _ query: Query, of dataset: Dataset, from versions: [PinnedVersion]
  ) async throws -> (rows: ColumnBatch, statistics: ReadStatistics) {
    let resolved = try ResolvedQuery(query, for: dataset)
    var merger = ResultMerger(resolved)
    let statistics = try await store.read(resolved, from: versions) { try merger.add($0) }
    return (try merger.finish(), statistics)
  }
}

/// What the contract's cases need, over a lake in the laboratory.
struct ColdBenchFixture: ColdStoreFixture {
  let bench: ColdBench
  let store: any ColdStore

  func write(_ rows: ColumnBatch, as day: Day, of dataset: Dataset) async throws -> VersionRecord {
    try await bench.write([rows], as: day, of: dataset)
  }
}

import Foundation
import Synchronization
import Testing
import TokyoDataLake
import TokyoDataParquet
import TokyoDataTesting

@Suite("VersionWriter")
struct VersionWriterTests {
  @Test("a version is its files and a manifest in the folder that the layout names")
  func laysOut() async throws {
    let lake = try LakeScenario()
    let record = try await lake.write([lake.rows(0..<10)])
    #expect(
      record.location == "events/year=2026/month=01/day=02/lake_version=\(record.id)")
    #expect(
      try await lake.lake.objects.list(prefix: record.location).map(\.key.name)
        == ["_manifest.json", "part-00000.snappy.parquet"])
    #expect(record.rowHash.rowCount == 10)
    #expect(record.bytes == (try lake.folder.read("\(record.location)/part-00000.snappy.parquet").count))
    let id = try #require(record.summary.columns["id"])
    #expect(id.minimum == 0 && id.maximum == 9 && id.nullCount == 0 && id.encodedBytes > 0)
    #expect(record.summary.columns["tag"]?.nullCount == 2)
  }

  @Test("an undated dataset has no folders for days, and other partition columns have their names")
  func laysOutOthers() async throws {
    let undated = try LakeScenario(LakeScenario.dataset("customers", isDated: false))
    let whole = try await undated.write([undated.rows(0..<10)])
    #expect(whole.location == "customers/lake_version=\(whole.id)")
    #expect(try await undated.lake.manifest(of: whole, in: undated.dataset.name).microsecondTwin == nil)
    let renamed = try LakeScenario(
      LakeScenario.dataset(
        adding: [ColumnField("year", .int32)],
        policy: DatasetPolicy(
          partitionColumns: PartitionColumns(year: "p_year", month: "p_month", day: "p_day"))))
    #expect(renamed.newVersion().location.hasPrefix("events/p_year=2026/p_month=01/p_day=02/lake_version="))
  }

  @Test("the files hold the dataset's columns, then the time in microseconds")
  func addsTwin() async throws {
    let lake = try LakeScenario()
    let record = try await lake.write([lake.rows(0..<100)])
    let file = try await ParquetFile(
      source: ParquetBytes(lake.folder.read("\(record.location)/part-00000.snappy.parquet")))
    #expect(file.schema.fields.map(\.name) == ["id", "at", "tag", "amount", "score", "at__us"])
    let batch = try await file.read(rowGroup: 0)
    for row in 0..<100 {
      guard case .timestamp(let at) = batch.columns[1][row] else { Issue.record("no time"); return }
      #expect(batch.columns[5][row] == .int(at.microsecondsSince1970))
    }
    // The twin is no part of what the version is: neither of its schema nor of its hash.
    #expect(record.schemaFingerprint == lake.dataset.schemaFingerprint)
    var hash = RowHash()
    hash.add(try lake.rows(0..<100))
    #expect(record.rowHash == hash)
  }

  @Test("many batches become several files with their rows in order")
  func cutsFiles() async throws {
    let lake = try LakeScenario()
    var options = VersionWriterOptions()
    options.rowGroupRows = 1_000
    options.fileBytes = 4_000
    let batches = try (0..<20).map { try lake.rows($0 * 500..<$0 * 500 + 500) }
    let record = try await lake.write(batches, options: options)
    let manifest = try await lake.lake.manifest(of: record, in: lake.dataset.name)
    #expect(manifest.files.count > 2)
    #expect(manifest.files.reduce(0) { $0 + $1.rows } == 10_000)
    #expect(manifest.files.map(\.name) == manifest.files.map(\.name).sorted())
    #expect(manifest.columns["id"]?.maximum == 9_999)
    try await VersionChecker(lake.lake, lake.dataset).check(record)
  }

  @Test("a version without rows has a file and is read as none")
  func writesNothing() async throws {
    let lake = try LakeScenario()
    let record = try await lake.write([])
    #expect(record.rowHash == RowHash())
    try await VersionChecker(lake.lake, lake.dataset).verify(record)
    #expect(try await lake.read(Query(lake.dataset.name), [record]).answer.rowCount == 0)
  }

  @Test("the steps come in their order, each with the store as it says")
  func stepsInOrder() async throws {
    let lake = try LakeScenario()
    let record = lake.newVersion()
    let seen = Mutex<[(VersionWriteStep, [String])]>([])
    let writer = try VersionWriter(record, of: lake.dataset, to: lake.lake) { step in
      let names = try await lake.lake.objects.list(prefix: "").map(\.key.name)
      seen.withLock { $0.append((step, names)) }
    }
    try await writer.write(lake.rows(0..<10_000))
    _ = try await writer.finish()
    let steps = seen.withLock { $0 }
    let file = "part-00000.snappy.parquet"
    #expect(steps.map(\.0) == [.firstBytes, .midFile, .filesWritten, .manifestWritten])
    #expect(steps.map(\.1) == [[], [], [file], ["_manifest.json", file]])
  }

  @Test(
    "a writer that is stopped at a step leaves no version, and collecting it leaves nothing",
    arguments: VersionWriteStep.allCases)
  func stops(at stop: VersionWriteStep) async throws {
    struct Killed: Error {}
    let lake = try LakeScenario()
    let record = lake.newVersion()
    let writer = try VersionWriter(record, of: lake.dataset, to: lake.lake) { step in
      if step == stop { throw Killed() }
    }
    await #expect(throws: Killed.self) {
      try await writer.write(lake.rows(0..<10_000))
      _ = try await writer.finish()
    }
    let unfinished = lake.folder.contents.contains { $0.contains(".upload-") }
    #expect(unfinished == (stop == .firstBytes || stop == .midFile))
    if stop != .manifestWritten {
      #expect(
        await LakeScenario.error { _ = try await lake.read(Query(lake.dataset.name), [record]) }?.code
          == .notFound)
    }
    // As the collector of another process does, which knows only the record.
    try await lake.lake.delete(record, of: lake.dataset)
    try await lake.lake.delete(record, of: lake.dataset)
    #expect(lake.folder.contents.filter { !$0.hasSuffix("_catalog.json") } == ["events"])
    await writer.abort()
  }

  @Test("an aborted writer leaves no unfinished file")
  func aborts() async throws {
    let lake = try LakeScenario()
    let writer = try VersionWriter(lake.newVersion(), of: lake.dataset, to: lake.lake) { step in
      if step == .midFile { throw CancellationError() }
    }
    await #expect(throws: CancellationError.self) {
      try await writer.write(lake.rows(0..<10))
      _ = try await writer.finish()
    }
    await writer.abort()
    #expect(lake.folder.contents == [])
  }

  @Test("a version id is never written twice")
  func refusesSecondWriting() async throws {
    let lake = try LakeScenario()
    let record = try await lake.write([lake.rows(0..<10)])
    let again = try VersionWriter(record, of: lake.dataset, to: lake.lake)
    let error = await LakeScenario.error { try await again.write(lake.rows(0..<10)) }
    #expect(error?.code == .conflict)
  }

  @Test("a row of another day, a null in the key and a foreign column are errors that name the column")
  func refusesWrongRows() async throws {
    let lake = try LakeScenario()
    func error(_ batch: ColumnBatch) async throws -> TokyoDataError? {
      let writer = try VersionWriter(lake.newVersion(), of: lake.dataset, to: lake.lake)
      return await LakeScenario.error { try await writer.write(batch) }
    }
    let early = try await error(lake.rows(0..<10, day: LakeScenario.day.advanced(by: -1)))
    #expect(early?.code == .invalidData && early?.context.column == "at")
    let rows = try lake.rows(0..<10)
    let nullable = try ColumnSchema(
      [ColumnField("id", .int64)] + Array(lake.dataset.schema.fields.dropFirst()))
    var ids = ColumnBuilder(.int64)
    for _ in 0..<10 { ids.appendNull() }
    let nulls = try ColumnBatch(schema: nullable, columns: [ids.finish()] + Array(rows.columns.dropFirst()))
    #expect(try await error(nulls)?.context.column == "id")
    let foreign = try rows.selecting(["id", "at", "tag", "score", "amount"])
    #expect(try await error(foreign)?.context.column == "amount")
    #expect(try await error(rows.selecting(["id"])) != nil)
    #expect(lake.folder.contents == [])
  }

  @Test("a manifest keeps what it says, ignores what it does not know, and refuses a higher format")
  func codesManifests() async throws {
    let lake = try LakeScenario()
    let record = try await lake.write([lake.rows(0..<10)])
    let name = "\(record.location)/_manifest.json"
    var json = try #require(
      try JSONSerialization.jsonObject(with: Data(lake.folder.read(name))) as? [String: Any])
    let manifest = try await lake.lake.manifest(of: record, in: lake.dataset.name)
    #expect(manifest.completing(lake.newVersion()).summary == record.summary)
    json["invented"] = ["later": 1]
    try lake.folder.write(Array(JSONSerialization.data(withJSONObject: json)), to: name)
    #expect(try await lake.lake.manifest(of: record, in: lake.dataset.name) == manifest)
    json["format"] = 2
    try lake.folder.write(Array(JSONSerialization.data(withJSONObject: json)), to: name)
    let error = await LakeScenario.error {
      _ = try await lake.lake.manifest(of: record, in: lake.dataset.name)
    }
    #expect(error?.code == .unsupported)
  }
}

import Testing
import TokyoDataLake
import TokyoDataTesting

@Suite("Lake")
struct LakeTests {
  @Test("what no version owns is unreferenced: foreign objects, and versions that were collected")
  func listsUnreferenced() async throws {
    let lake = try LakeScenario()
    let kept = try await lake.write([lake.rows(0..<10)])
    var collected = try await lake.write([lake.rows(0..<10)])
    collected.collectedAt = LakeScenario.day.start
    try await lake.lake.objects.put([1], as: ObjectKey("events/stray"))
    try await lake.lake.objects.put([1], as: ObjectKey("events_2/stray"))
    let found = try await lake.lake.unreferencedObjects(of: lake.dataset.name, versions: [kept, collected])
    #expect(
      Set(found.map(\.key.path)) == [
        "events/stray", "\(collected.location)/_manifest.json",
        "\(collected.location)/part-00000.snappy.parquet",
      ])
    try await lake.lake.delete(collected, of: lake.dataset)
    #expect(
      try await lake.lake.unreferencedObjects(of: lake.dataset.name, versions: [kept]).map(\.key.path)
        == ["events/stray"])
  }

  @Test("deleting a version leaves the others of its day")
  func deletesOne() async throws {
    let lake = try LakeScenario()
    let versions = try await [lake.write([lake.rows(0..<10)]), lake.write([lake.rows(0..<20)])]
    try await lake.lake.catalog.show(versions, of: lake.dataset)
    try await lake.lake.delete(versions[0], of: lake.dataset)
    try await VersionChecker(lake.lake, lake.dataset).verify(versions[1])
    #expect(try await lake.lake.catalog.shown(of: lake.dataset) == [versions[1].id])
    #expect(try await lake.lake.objects.list(prefix: versions[0].location) == [])
  }

  @Test("a lake below a prefix keeps to it")
  func keepsToPrefix() async throws {
    let folder = try TemporaryFolder()
    let layout = try LakeLayout(prefix: "/lakes/one/")
    let lake = Lake(
      try LocalObjectStore(folder: folder.path), try LocalTableCatalog(folder: folder.path, layout: layout),
      layout: layout)
    let scenario = try LakeScenario()
    let record = lake.newVersion(
      of: scenario.dataset, day: LakeScenario.day, id: VersionID(at: LakeScenario.day.start), snapshot: "s",
      exportedAt: LakeScenario.day.start)
    let writer = try VersionWriter(record, of: scenario.dataset, to: lake)
    try await writer.write(scenario.rows(0..<5))
    let written = try await writer.finish()
    try await lake.catalog.add([CatalogPartition(written, of: scenario.dataset)], of: scenario.dataset)
    try await VersionChecker(lake, scenario.dataset).verify(written)
    #expect(folder.contents.contains("lakes/one/\(record.location)/_manifest.json"))
    #expect(folder.contents.contains("lakes/one/events/_catalog.json"))
    #expect(throws: TokyoDataError.self) { try LakeLayout(prefix: "a/../b") }
  }
}

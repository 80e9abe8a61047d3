import Foundation
import Testing
import TokyoDataLake
import TokyoDataTesting

@Suite("LocalTableCatalog")
struct LocalTableCatalogTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func catalog() throws -> LocalTableCatalog {
    try LocalTableCatalog(folder: folder.path, layout: LakeLayout(prefix: "lake"))
  }

  @Test("keeps the contract of a table catalog", arguments: TableCatalogConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any TableCatalog>) async throws {
    try await conformance.run(on: catalog())
  }

  @Test("writers of two catalogs over one folder lose nothing")
  func takesTurns() async throws {
    let dataset = try LakeScenario.dataset()
    let catalogs = [try catalog(), try catalog()]
    let records = (0..<24).map { LakeScenario.record(dataset, day: LakeScenario.day.advanced(by: $0)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, record) in records.enumerated() {
        group.addTask {
          try await catalogs[index % 2].add([CatalogPartition(record, of: dataset)], of: dataset)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await catalogs[0].partitions(of: records, in: dataset).count == 24)
  }

  @Test("_catalog.json tells an outside reader which folder is each day's")
  func tellsOutsiders() async throws {
    let dataset = try LakeScenario.dataset()
    let record = LakeScenario.record(dataset)
    try await catalog().add([CatalogPartition(record, of: dataset)], of: dataset)
    try await catalog().show([record], of: dataset)
    let bytes = try folder.read("lake/events/_catalog.json")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    #expect(json["format"] as? Int == 1)
    #expect(json["dataset"] as? String == "events")
    let current = try #require(json["current"] as? [[String: Any]])
    #expect(current.map { $0["location"] as? String } == [record.location])
    #expect(current.map { $0["day"] as? String } == ["2026-01-02"])
    #expect(json["partitionColumns"] as? [String] == ["year", "month", "day", "lake_version"])
    #expect(folder.contents == ["lake", "lake/events", "lake/events/_catalog.json"])
  }

  @Test("a catalog of a higher format is refused, one that is no catalog is an error, and both stay")
  func refusesOthers() async throws {
    let dataset = try LakeScenario.dataset()
    let record = LakeScenario.record(dataset)
    try await catalog().add([CatalogPartition(record, of: dataset)], of: dataset)
    for (text, code) in [("{\"format\": 2}", TokyoDataError.Code.unsupported), ("{", .invalidData)] {
      try folder.write(Array(text.utf8), to: "lake/events/_catalog.json")
      let error = await #expect(throws: TokyoDataError.self) { try await catalog().show([], of: dataset) }
      #expect(error?.code == code)
      #expect(try folder.read("lake/events/_catalog.json") == Array(text.utf8))
    }
    #expect(folder.contents == ["lake", "lake/events", "lake/events/_catalog.json"])
  }
}

import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("GlueCatalog, in the laboratory")
struct GlueLaboratoryTests {
  let database = JSONLaboratory.newName("db")

  func catalog() throws -> GlueCatalog {
    try GlueCatalog(
      database: database, bucket: "lake", layout: LakeLayout(), client: JSONLaboratory.client(),
      clock: HurriedClock())
  }

  @Test("keeps the contract of a table catalog", arguments: TableCatalogConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any TableCatalog>) async throws {
    try await conformance.run(on: catalog())
  }

  @Test("a table may change more often than the quota of its versions allows to keep")
  func keepsQuota() async throws {
    for number in 0..<12 {
      let dataset = try GlueScenario.dataset(adding: (0...number).map { ColumnField("c\($0)", .int32) })
      try await catalog().add([], of: dataset)
    }
    let glue = GlueClient(client: try JSONLaboratory.client(), database: database)
    #expect(try await glue.tableVersions("events_versions").count == 1)
    #expect(try await glue.table("events_versions")?.storageDescriptor?.columns?.count == 4 + 12)
  }

  @Test("two writers who change a table at once both get what they want")
  func twoWriters() async throws {
    let dataset = try GlueScenario.dataset()
    let records = try (0..<8).map { try GlueScenario.record($0, of: dataset) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for record in records {
        group.addTask {
          try await catalog().add(GlueScenario.partitions([record], of: dataset), of: dataset)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await catalog().partitions(of: records, in: dataset).count == 8)
  }

  @Test("hundreds of partitions, in batches")
  func manyPartitions() async throws {
    let dataset = try GlueScenario.dataset()
    let records = try (0..<230).map { try GlueScenario.record($0, of: dataset) }
    try await catalog().add(GlueScenario.partitions(records, of: dataset), of: dataset)
    try await catalog().show(records, of: dataset)
    #expect(try await catalog().shown(of: dataset) == records.map(\.id))
    #expect(try await catalog().partitions(of: records, in: dataset).count == 230)
    try await catalog().remove(Array(records.prefix(30)), of: dataset)
    #expect(try await catalog().shown(of: dataset) == records.dropFirst(30).map(\.id))
  }

  @Test("Athena finds the day's version in one table and every version in the other")
  func athenaFinds() async throws {
    let dataset = try GlueScenario.dataset()
    let records = try (0..<3).map { try GlueScenario.record($0, of: dataset, day: GlueScenario.day) }
    try await catalog().add(GlueScenario.partitions(records, of: dataset), of: dataset)
    try await catalog().show([records[2]], of: dataset)
    let athena = try AthenaLaboratoryTests()
    try await athena.makeWorkGroup()
    let day = "year=2026/month=01/day=01"
    #expect(
      try await athena.rows("SHOW PARTITIONS `\(database)`.events_versions").sorted()
        == records.map { "\(day)/lake_version=\($0.id)" })
    #expect(try await athena.rows("SHOW PARTITIONS `\(database)`.events") == [day])
    let columns = try await athena.rows("DESCRIBE `\(database)`.events")
    #expect(columns.contains { $0.hasPrefix("amount") && $0.contains("decimal(12,2)") }, "\(columns)")
  }

  @Test("the calls that the catalog itself does not need")
  func otherCalls() async throws {
    let glue = GlueClient(client: try JSONLaboratory.client(), database: database)
    #expect(try await glue.hasDatabase() == false)
    #expect(try await glue.table("t") == nil)
    try await glue.createDatabase()
    #expect(try await glue.hasDatabase())
    try await glue.createTable(GlueTable(name: "t", parameters: ["a": "1"]))
    let table = try #require(try await glue.table("t"))
    var changed = table
    changed.parameters = ["a": "2"]
    try await glue.updateTable(changed)
    let error = await #expect(throws: AWSServiceError.self) { try await glue.updateTable(changed) }
    #expect(GlueErrorCode.changed.contains(error?.code ?? ""))
    let failures = try await glue.deleteTableVersions("t", ["1", "2"])
    #expect(failures.map(\.versionId) == ["1", "2"], "one was not kept, the other is current")
    try await glue.deleteTable("t")
    try await glue.deleteTable("t")
    #expect(try await glue.table("t") == nil)
  }
}

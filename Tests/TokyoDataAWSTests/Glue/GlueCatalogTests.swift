import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("GlueCatalog, over a Glue in memory")
struct GlueCatalogTests {
  let glue = GlueStandIn()
  let transport: ServiceStandIn

  init() { transport = glue.transport() }

  func catalog(_ prefix: String = "lake") throws -> GlueCatalog {
    try GlueCatalog(
      database: "tokyo", bucket: "bucket", layout: LakeLayout(prefix: prefix), client: transport.client,
      clock: HurriedClock())
  }

  @Test("keeps the contract of a table catalog", arguments: TableCatalogConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any TableCatalog>) async throws {
    try await conformance.run(on: catalog())
  }

  @Test("makes the database and two tables of Parquet whose columns are the files'")
  func makesTables() async throws {
    let dataset = try GlueScenario.dataset()
    let record = try GlueScenario.record(of: dataset)
    try await catalog().add([CatalogPartition(record, of: dataset)], of: dataset)
    try await catalog().show([record], of: dataset)
    let state = glue.state.withLock { $0 }
    #expect(state.tables.keys.sorted() == ["events", "events_versions"])
    let versions = try #require(state.tables["events_versions"])
    let columns = versions.storageDescriptor?.columns?.map { "\($0.name) \($0.type ?? "")" }
    #expect(columns == ["id bigint", "at timestamp", "amount decimal(12,2)", "at__us bigint"])
    #expect(versions.partitionKeys?.map(\.name) == ["year", "month", "day", "lake_version"])
    #expect(state.tables["events"]?.partitionKeys?.map(\.name) == ["year", "month", "day"])
    #expect(versions.tableType == "EXTERNAL_TABLE")
    #expect(versions.parameters?["classification"] == "parquet")
    #expect(versions.storageDescriptor?.location == "s3://bucket/lake/events/")
    let partition = try #require(state.partitions["events"]?[["2026", "01", "01"]])
    #expect(partition.storageDescriptor?.location == "s3://bucket/lake/\(record.location)/")
    #expect(partition.storageDescriptor?.columns == versions.storageDescriptor?.columns)
    #expect(partition.storageDescriptor?.inputFormat?.hasSuffix("MapredParquetInputFormat") == true)
  }

  @Test("follows the dataset's columns without leaving versions of the table, and keeps what others noted")
  func followsColumns() async throws {
    let before = try GlueScenario.dataset()
    try await catalog().add([], of: before)
    glue.state.withLock { state in
      state.tables["events_versions"]?.parameters?["owner"] = "finance"
      state.tables["events_versions"]?.storageDescriptor?.columns?[0].comment = "the key"
      state.tables["events_versions"]?.description = "All events"
    }
    for number in 0..<3 {
      let after = try GlueScenario.dataset(adding: (0...number).map { ColumnField("c\($0)", .bool) })
      try await catalog().add([], of: after)
    }
    let state = glue.state.withLock { $0 }
    let table = try #require(state.tables["events_versions"])
    #expect(
      table.storageDescriptor?.columns?.map(\.name) == ["id", "at", "amount", "c0", "c1", "c2", "at__us"])
    #expect(table.parameters?["owner"] == "finance")
    #expect(table.storageDescriptor?.columns?[0].comment == "the key")
    #expect(table.description == "All events")
    #expect(table.versionId == "4")
    #expect(state.archived == 0)
    let updates = transport.calls(of: "UpdateTable").count
    try await catalog().add(
      [], of: GlueScenario.dataset(adding: (0..<3).map { ColumnField("c\($0)", .bool) }))
    #expect(transport.calls(of: "UpdateTable").count == updates, "what is so already is not written")
  }

  @Test("a day is pointed at its new version by one change, and an older version keeps its columns")
  func pointsDays() async throws {
    let before = try GlueScenario.dataset()
    let first = try GlueScenario.record(of: before)
    try await catalog().add([CatalogPartition(first, of: before)], of: before)
    try await catalog().show([first], of: before)
    let after = try GlueScenario.dataset(adding: [ColumnField("more", .string)])
    let second = try GlueScenario.record(1, of: after, day: GlueScenario.day)
    try await catalog().add([CatalogPartition(second, of: after)], of: after)
    let calls = transport.calls.count
    try await catalog().show([second], of: after)
    #expect(
      Set(transport.calls.dropFirst(calls).map(\.operation)).isDisjoint(
        with: ["BatchDeletePartition", "BatchCreatePartition"]))
    #expect(try await catalog().shown(of: after) == [second.id])
    try await catalog().show([first], of: after)
    let shown = glue.state.withLock { $0.partitions["events"]?.first?.value }
    #expect(shown?.storageDescriptor?.columns?.map(\.name) == ["id", "at", "amount", "at__us"])
  }

  @Test("an undated dataset's table is pointed at its version, at another, and at nothing")
  func undated() async throws {
    let dataset = try GlueScenario.dataset("customers", isDated: false)
    let records = try (0..<2).map { try GlueScenario.record($0, of: dataset) }
    try await catalog().add(GlueScenario.partitions(records, of: dataset), of: dataset)
    for record in records {
      try await catalog().show([record], of: dataset)
      #expect(try await catalog().shown(of: dataset) == [record.id])
      let location = glue.state.withLock { $0.tables["customers"]?.storageDescriptor?.location }
      #expect(location == "s3://bucket/lake/\(record.location)/")
    }
    try await catalog().remove([records[0]], of: dataset)
    #expect(try await catalog().shown(of: dataset) == [records[1].id])
    try await catalog().remove([records[1]], of: dataset)
    #expect(try await catalog().shown(of: dataset) == [])
    let location = glue.state.withLock { $0.tables["customers"]?.storageDescriptor?.location }
    #expect(location == "s3://bucket/lake/customers/_none/")
    #expect(glue.state.withLock { $0.archived } == 0)
  }

  @Test("two current versions of one day are refused before anything is changed")
  func refusesTwo() async throws {
    let dataset = try GlueScenario.dataset()
    let records = try (0..<2).map { try GlueScenario.record($0, of: dataset, day: GlueScenario.day) }
    let error = await #expect(throws: TokyoDataError.self) { try await catalog().show(records, of: dataset) }
    #expect(error?.code == .invalidArgument)
    #expect(transport.calls.isEmpty)
  }

  @Test("the same version under another day is another partition")
  func findsOtherDays() async throws {
    let dataset = try GlueScenario.dataset()
    let record = try GlueScenario.record(of: dataset)
    try await catalog().add([CatalogPartition(record, of: dataset)], of: dataset)
    var other = CatalogPartition(record, of: dataset)
    other.day = GlueScenario.day.next
    for given in [[other], [CatalogPartition(record, of: dataset), other]] {
      let error = await #expect(throws: TokyoDataError.self) { try await catalog().add(given, of: dataset) }
      #expect(error?.code == .conflict)
    }
    #expect(glue.state.withLock { $0.partitions["events_versions"]?.count } == 1)
  }

  @Test("partitions go in batches that Glue takes")
  func batches() async throws {
    let dataset = try GlueScenario.dataset()
    let records = try (0..<230).map { try GlueScenario.record($0, of: dataset) }
    try await catalog().add(GlueScenario.partitions(records, of: dataset), of: dataset)
    #expect(transport.calls(of: "BatchCreatePartition").count == 3)
    #expect(transport.calls(of: "GetPartitions").allSatisfy { $0.body.count < 3_000 })
    try await catalog().show(records, of: dataset)
    #expect(try await catalog().shown(of: dataset) == records.map(\.id))
    try await catalog().remove(records, of: dataset)
    #expect(transport.calls(of: "BatchDeletePartition").count == 2 * 10)
    #expect(try await catalog().shown(of: dataset) == [])
  }

  @Test("a table of that name that is somebody else's is left alone")
  func leavesOthers() async throws {
    let dataset = try GlueScenario.dataset()
    let record = try GlueScenario.record(of: dataset)
    let other = GlueTable(name: "events_versions", parameters: ["classification": "csv"], versionId: "7")
    glue.state.withLock { state in
      state.hasDatabase = true
      state.tables["events_versions"] = other
    }
    let error = await #expect(throws: TokyoDataError.self) {
      try await catalog().add([CatalogPartition(record, of: dataset)], of: dataset)
    }
    #expect(error?.code == .conflict)
    #expect(glue.state.withLock { $0.tables["events_versions"] } == other)
  }
}

import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

@Suite("GlueCatalog, when Glue or others get in the way")
struct GlueFaultTests {
  let glue = GlueStandIn()
  let transport: ServiceStandIn
  let dataset: Dataset
  let records: [VersionRecord]

  init() throws {
    transport = glue.transport()
    let dataset = try GlueScenario.dataset()
    self.dataset = dataset
    records = try (0..<3).map { try GlueScenario.record($0, of: dataset) }
  }

  var catalog: GlueCatalog {
    get throws {
      try GlueCatalog(
        database: "tokyo", bucket: "bucket", layout: LakeLayout(), client: transport.client,
        clock: HurriedClock())
    }
  }

  func add(_ records: [VersionRecord]? = nil) async throws {
    try await catalog.add(
      GlueScenario.partitions(records ?? self.records, of: dataset), of: dataset)
  }

  var stored: Int { glue.state.withLock { $0.partitions["events_versions"]?.count ?? 0 } }

  @Test("whoever is second to make a table or database compares, and goes on")
  func secondToMake() async throws {
    glue.state.withLock { $0.hasDatabase = true }
    glue.fail("CreateTable", .doAndRefuse("AlreadyExistsException"))
    try await add()
    #expect(stored == 3)
    glue.state.withLock { $0.tables = [:] }
    glue.fail("CreateTable", .first { $0.tables["events_versions"] = GlueTable(name: "events_versions") })
    let error = await #expect(throws: TokyoDataError.self) { try await add() }
    #expect(error?.code == .conflict, "somebody else's table of that name came first")
  }

  @Test(
    "a table that changes meanwhile is read again and decided on again",
    arguments: [
      "ConcurrentModificationException", "VersionMismatchException",
    ])
  func changedMeanwhile(_ code: String) async throws {
    try await add()
    glue.fail(
      "UpdateTable", .refuse(code),
      .first { state in
        state.tables["events_versions"]?.parameters?["owner"] = "finance"
        state.tables["events_versions"]?.versionId = "9"
      })
    let wider = try GlueScenario.dataset(adding: [ColumnField("more", .string)])
    try await catalog.add([], of: wider)
    let table = glue.state.withLock { $0.tables["events_versions"] }
    #expect(table?.storageDescriptor?.columns?.count == 5)
    #expect(table?.parameters?["owner"] == "finance", "what the other one wrote is not lost")
  }

  @Test("a table that never stays still is a conflict")
  func neverStill() async throws {
    try await add()
    glue.fail("UpdateTable", .refuse("VersionMismatchException"))
    for _ in 0..<20 { glue.fail("UpdateTable", .refuse("VersionMismatchException")) }
    let wider = try GlueScenario.dataset(adding: [ColumnField("more", .string)])
    let error = await #expect(throws: TokyoDataError.self) { try await catalog.add([], of: wider) }
    #expect(error?.code == .conflict)
  }

  @Test("an item that fails for a passing reason is tried again, by itself")
  func passingItem() async throws {
    glue.fail(
      "BatchCreatePartition", .failFirst("InternalServiceException"), .failFirst("ThrottlingException"))
    try await add()
    #expect(stored == 3)
    let sizes = transport.calls(of: "BatchCreatePartition").map {
      $0.text.components(of: "\"Values\"")
    }
    #expect(sizes == [3, 1, 1])
  }

  @Test("an item that fails for good is a typed error, and the others are there")
  func lastingItem() async throws {
    glue.fail("BatchCreatePartition", .failFirst("ResourceNumberLimitExceededException"))
    let error = await #expect(throws: TokyoDataError.self) { try await add() }
    let cause = try #require(error?.cause as? AWSServiceError)
    #expect(cause.code == "ResourceNumberLimitExceededException")
    #expect(cause.operation == "BatchCreatePartition")
    #expect(error?.context.dataset == dataset.name)
    #expect(stored == 2)
    try await add()
    #expect(stored == 3, "the call may be repeated")
  }

  @Test("an item that fails again and again is given up")
  func givenUp() async throws {
    for _ in 0..<20 { glue.fail("BatchCreatePartition", .failFirst("ThrottlingException")) }
    let error = await #expect(throws: TokyoDataError.self) { try await add() }
    #expect(error?.code == .busy)
  }

  @Test("a partition that somebody added first is compared")
  func addedFirst() async throws {
    try await add([])
    let (catalog, dataset) = (try catalog, dataset)
    let table = try LakeTable(.versions, of: dataset, root: catalog.root)
    let partition = CatalogPartition(records[0], of: dataset)
    glue.fail(
      "BatchCreatePartition",
      .first { state in
        let same = table.partition(partition)
        state.partitions["events_versions", default: [:]][same.values] = same
      })
    try await add()
    #expect(stored == 3)
    glue.state.withLock { $0.partitions = [:] }
    glue.fail(
      "BatchCreatePartition",
      .first { state in
        var other = table.partition(partition)
        other.storageDescriptor?.location = "s3://elsewhere/"
        state.partitions["events_versions", default: [:]][other.values] = other
      })
    let error = await #expect(throws: TokyoDataError.self) { try await add() }
    #expect(error?.code == .conflict)
  }

  @Test("keys that Glue did not look at are asked for again")
  func unprocessed() async throws {
    try await add()
    glue.fail("BatchGetPartition", .failFirst("unprocessed"), .failFirst("unprocessed"))
    #expect(try await catalog.partitions(of: records, in: dataset).count == 3)
    for _ in 0..<20 { glue.fail("BatchGetPartition", .failFirst("unprocessed")) }
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await catalog.partitions(of: records, in: dataset)
    }
    #expect(error?.code == .unavailable)
  }

  @Test("partitions that are not there after they were added are an error")
  func readsBack() async throws {
    try await add([])
    glue.fail("BatchGetPartition", .first { $0.partitions = [:] })
    let error = await #expect(throws: TokyoDataError.self) { try await add() }
    #expect(error?.code == .unavailable)
  }

  @Test("a view that somebody else changes meanwhile is put right")
  func showsAgain() async throws {
    try await add()
    glue.fail("BatchCreatePartition", .failFirst("AlreadyExistsException"))
    glue.fail("BatchDeletePartition", .first { $0.partitions["events"] = [:] })
    try await catalog.show(records, of: dataset)
    #expect(try await catalog.shown(of: dataset) == records.map(\.id))
    try await catalog.show([records[0]], of: dataset)
    #expect(try await catalog.shown(of: dataset) == [records[0].id])
  }

  @Test("errors name operation and code, not places")
  func errors() async throws {
    glue.fail("GetTable", .refuse("AccessDeniedException"))
    let error = await #expect(throws: TokyoDataError.self) { try await add() }
    #expect(error?.code == .permissionDenied)
    #expect(error?.context.store == "glue")
    #expect("\(error.map { "\($0)" } ?? "")".contains("bucket") == false)
  }

  @Test(
    "names that Glue cannot have are refused",
    arguments: [("", "b"), ("Upper", "b"), ("d", ""), ("d", "a/b")])
  func names(_ database: String, _ bucket: String) throws {
    let error = #expect(throws: TokyoDataError.self) {
      try GlueCatalog(
        database: database, bucket: bucket, layout: LakeLayout(), client: transport.client,
        clock: HurriedClock())
    }
    #expect(error?.code == .invalidArgument)
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}

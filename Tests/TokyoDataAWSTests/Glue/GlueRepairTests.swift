import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

@Suite("GlueCatalog, checked and repaired")
struct GlueRepairTests {
  /// Something that a person does to the catalog by hand.
  struct Edit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kinds: [CatalogFinding.Kind]
    /// Words of the first finding.
    var words: String
    var make: @Sendable (inout GlueStandIn.State) -> Void

    init(
      _ description: String, _ kinds: CatalogFinding.Kind..., words: String,
      make: @escaping @Sendable (inout GlueStandIn.State) -> Void
    ) {
      testDescription = description
      self.kinds = kinds
      self.words = words
      self.make = make
    }
  }

  static let first = ["2026", "01", "01"]
  static let versions = "events_versions"

  /// Changes the first partition of the table of versions, or of the current ones.
  static func change(
    _ state: inout GlueStandIn.State, _ table: String = versions, _ body: (inout GluePartition) -> Void
  ) {
    guard let key = state.partitions[table]?.keys.first(where: { Array($0.prefix(3)) == first }),
      var partition = state.partitions[table]?[key]
    else { return }
    body(&partition)
    state.partitions[table]?[key] = partition
  }

  static let edits: [Edit] = [
    Edit("a table is gone", .missingTable, words: "the table is missing") {
      $0.tables["events"] = nil
      $0.partitions["events"] = nil
    },
    Edit("a column of a table has another type", .tableColumns, words: "amount is double and should be") {
      $0.tables[versions]?.storageDescriptor?.columns?[2].type = "double"
    },
    Edit("a column of a table is missing", .tableColumns, words: "amount is missing") {
      $0.tables["events"]?.storageDescriptor?.columns?.remove(at: 2)
    },
    Edit("a column was added to a table", .tableColumns, words: "extra is not the dataset's") {
      $0.tables["events"]?.storageDescriptor?.columns?.append(GlueColumn(name: "extra", type: "int"))
    },
    Edit("columns of a table are in another order", .tableColumns, words: "in another order") {
      $0.tables[versions]?.storageDescriptor?.columns?.swapAt(0, 2)
    },
    Edit("a table lies elsewhere", .tableProperties, words: "lies in s3://elsewhere/") {
      $0.tables[versions]?.storageDescriptor?.location = "s3://elsewhere/"
    },
    Edit("a table reads by index", .tableProperties, words: "parquet.column.index.access is set") {
      $0.tables[versions]?.storageDescriptor?.serdeInfo?.parameters?["parquet.column.index.access"] = "true"
    },
    Edit("a property of a table was changed", .tableProperties, words: "changed: classification") {
      $0.tables["events"]?.parameters?["classification"] = "csv"
    },
    Edit("a table reads another format", .tableProperties, words: "another class") {
      $0.tables["events"]?.storageDescriptor?.inputFormat = "org.example.Text"
    },
    Edit("a partition is gone", .missingPartition, words: "no partition") { state in
      guard let key = state.partitions[versions]?.keys.first(where: { Array($0.prefix(3)) == first })
      else { return }
      state.partitions[versions]?[key] = nil
    },
    Edit("there is a partition of a version that nobody knows", .extraPartition, words: "no version for") {
      state in
      guard var copy = state.partitions[versions]?.values.first else { return }
      copy.values[3] = "20200101T000000Z-000000000001"
      copy.parameters?[GlueParameter.version] = copy.values[3]
      state.partitions[versions]?[copy.values] = copy
    },
    Edit("a partition lies elsewhere", .wrongLocation, words: "s3://elsewhere/") {
      change(&$0) { $0.storageDescriptor?.location = "s3://elsewhere/" }
    },
    Edit("a column of a partition has another type", .partitionColumns, words: "id is string") {
      change(&$0) { $0.storageDescriptor?.columns?[0].type = "string" }
    },
    Edit("a partition reads by index", .partitionProperties, words: "parquet.column.index.access") {
      change(&$0) {
        $0.storageDescriptor?.serdeInfo?.parameters?["parquet.column.index.access"] = "true"
      }
    },
    Edit("a property of a partition was changed", .partitionProperties, words: "schema_fingerprint") {
      change(&$0) { $0.parameters?[GlueParameter.fingerprint] = "0" }
    },
    Edit("a day is not shown", .notShown, words: "not shown") { $0.partitions["events"]?[first] = nil },
    Edit("a day shows another version", .wronglyShown, words: "is current") { state in
      change(&state, "events") { $0.parameters?[GlueParameter.version] = "20200101T000000Z-000000000001" }
    },
    Edit("a day is shown that has no version", .wronglyShown, words: "no current version") { state in
      guard var copy = state.partitions["events"]?.values.first else { return }
      copy.values = ["1999", "12", "31"]
      state.partitions["events"]?[copy.values] = copy
    },
    Edit("a shown day lies elsewhere", .wrongLocation, words: "s3://elsewhere/") {
      change(&$0, "events") { $0.storageDescriptor?.location = "s3://elsewhere/" }
    },
    Edit("columns of a shown day were changed", .partitionColumns, words: "columns: id is missing") {
      change(&$0, "events") { $0.storageDescriptor?.columns?.removeFirst() }
    },
  ]

  let glue = GlueStandIn()
  let transport: ServiceStandIn

  init() { transport = glue.transport() }

  func catalog() throws -> GlueCatalog {
    try GlueCatalog(
      database: "tokyo", bucket: "bucket", layout: LakeLayout(prefix: "lake"), client: transport.client,
      clock: HurriedClock())
  }

  /// Two versions of an older schema, of which the second's day has a newer one with a column more.
  func fill() async throws -> (dataset: Dataset, content: CatalogContent) {
    let before = try GlueScenario.dataset()
    let dataset = try GlueScenario.dataset(adding: [ColumnField("more", .string)])
    let old = try (0..<2).map { try GlueScenario.record($0, of: before) }
    let new = try GlueScenario.record(5, of: dataset, day: old[1].day)
    try await catalog().add(GlueScenario.partitions(old, of: before), of: before)
    try await catalog().add(GlueScenario.partitions([new], of: dataset), of: dataset)
    try await catalog().show([old[0], new], of: dataset)
    return (
      dataset,
      CatalogContent(
        versions: old + [new], current: [old[0], new],
        schemas: try [
          old[0].id: fileSchema(before), old[1].id: fileSchema(before), new.id: fileSchema(dataset),
        ])
    )
  }

  private func fileSchema(_ dataset: Dataset) throws -> ColumnSchema {
    try ColumnSchema(
      dataset.schema.fields + [ColumnField(try #require(dataset.microsecondTwin), .int64, isNullable: false)])
  }

  @Test("what somebody changed by hand is found in words, and a repair brings it back", arguments: edits)
  func repairs(edit: Edit) async throws {
    let (dataset, content) = try await fill()
    #expect(try await catalog().findings(on: dataset, expecting: content) == [])
    let right = glue.state.withLock { $0 }
    glue.state.withLock { edit.make(&$0) }
    let findings = try await catalog().findings(on: dataset, expecting: content)
    #expect(Set(findings.map(\.kind)) == Set(edit.kinds), "\(findings)")
    #expect(findings.first?.message.contains(edit.words) == true, "\(findings)")
    #expect(findings.allSatisfy { $0.isRepairable })
    try await catalog().repair(dataset, to: content)
    #expect(try await catalog().findings(on: dataset, expecting: content) == [])
    let mended = glue.state.withLock { $0 }
    #expect(mended.partitions == right.partitions)
    #expect(
      mended.tables.mapValues { $0.storageDescriptor } == right.tables.mapValues { $0.storageDescriptor })
  }

  @Test("repairing what is right writes nothing")
  func leavesRight() async throws {
    let (dataset, content) = try await fill()
    let calls = transport.calls.count
    try await catalog().repair(dataset, to: content)
    #expect(
      Set(transport.calls.dropFirst(calls).map(\.operation)).isSubset(
        of: ["GetTable", "GetPartitions", "BatchGetPartition"]))
  }

  @Test("a version that comes or goes is neither missing nor too much")
  func underway() async throws {
    let (dataset, filled) = try await fill()
    var content = filled
    let coming = try #require(content.versions.first { !content.current.contains($0) })
    content.versions.removeAll { $0 == coming }
    content.underway = [coming.id]
    #expect(try await catalog().findings(on: dataset, expecting: content) == [])
    try await catalog().repair(dataset, to: content)
    #expect(glue.state.withLock { $0.partitions[Self.versions]?.count } == 3)
    try await catalog().remove([coming], of: dataset)
    #expect(try await catalog().findings(on: dataset, expecting: content) == [])
  }

  @Test("a partition that bears no mark of ours is named and kept")
  func keepsOthers() async throws {
    let (dataset, content) = try await fill()
    let values = Self.first + ["by-hand"]
    glue.state.withLock { $0.partitions[Self.versions]?[values] = GluePartition(values: values) }
    try await catalog().repair(dataset, to: content)
    let left = try await catalog().findings(on: dataset, expecting: content)
    #expect(left.map(\.kind) == [.extraPartition] && left.first?.isRepairable == false)
    #expect(glue.state.withLock { $0.partitions[Self.versions]?[values] } != nil)
  }

  @Test("a table that is somebody else's is found, and neither repaired nor dropped")
  func foreign() async throws {
    let (dataset, content) = try await fill()
    let other = GlueTable(name: "events", parameters: ["classification": "csv"], versionId: "7")
    glue.state.withLock { $0.tables["events"] = other }
    let findings = try await catalog().findings(on: dataset, expecting: content)
    #expect(findings.map(\.kind) == [.foreignTable] && findings.first?.isRepairable == false)
    for act in [
      { try await catalog().repair(dataset, to: content) }, { try await catalog().drop(dataset) },
    ] {
      let error = await #expect(throws: TokyoDataError.self) { try await act() }
      #expect(error?.code == .conflict)
    }
    #expect(glue.state.withLock { $0.tables["events"] } == other)
    #expect(glue.state.withLock { $0.tables[Self.versions] } != nil, "nothing was dropped by halves")
  }

  @Test("an undated dataset's table that points elsewhere is found and pointed back")
  func undated() async throws {
    let dataset = try GlueScenario.dataset("customers", isDated: false)
    let record = try GlueScenario.record(of: dataset)
    let content = CatalogContent(
      versions: [record], current: [record], schemas: [record.id: try ColumnSchema(dataset.schema.fields)])
    try await catalog().add(GlueScenario.partitions([record], of: dataset), of: dataset)
    try await catalog().show([record], of: dataset)
    #expect(try await catalog().findings(on: dataset, expecting: content) == [])
    glue.state.withLock { $0.tables["customers"]?.storageDescriptor?.location = "s3://elsewhere/" }
    #expect(try await catalog().findings(on: dataset, expecting: content).map(\.kind) == [.notShown])
    try await catalog().repair(dataset, to: content)
    #expect(try await catalog().findings(on: dataset, expecting: content) == [])
  }
}

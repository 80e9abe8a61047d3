import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// The operations of Glue on a database of their own.
struct GlueFaultScenario: FaultScenario {
  let target = JSONLaboratory.newName("glue")
  private let glue: GlueClient
  private let catalog: GlueCatalog
  private let dataset: Dataset
  /// Two of one day, and one of the next.
  private let records: [VersionRecord]

  init() async throws {
    let client = try Laboratory.client(named: target)
    glue = GlueClient(client: client, database: target)
    catalog = try GlueCatalog(
      database: target, bucket: "lake", layout: LakeLayout(), client: client, clock: HurriedClock())
    let dataset = try GlueScenario.dataset()
    self.dataset = dataset
    records = try (0..<3).map {
      try GlueScenario.record($0, of: dataset, day: GlueScenario.day.advanced(by: $0 / 2))
    }
  }

  func told(_ error: any Error) -> any Error { TokyoDataError.of(error, .init(store: "glue")) }

  func checkRemains(of run: FaultRun, succeeded: Bool) async throws {
    let there = try await catalog.partitions(of: records, in: dataset)
    let whole = GlueScenario.partitions(records, of: dataset)
    #expect(there.allSatisfy(whole.contains), "\(run): half a partition")
    let shown = try await catalog.shown(of: dataset)
    let days = records.filter { shown.contains($0.id) }.map(\.day)
    #expect(shown.count == days.count && Set(days).count == days.count, "\(run): shown twice, or not ours")
    // What failed may be asked for again, whatever is left of it.
    if !succeeded {
      let use = Self.uses[run.operation.name]
      try await use?.act(self)
      try await use?.verify(self)
    }
  }

  static var uses: [String: FaultUse<Self>] {
    databaseUses.merging(tableUses) { $1 }.merging(partitionUses) { $1 }
  }

  private static var databaseUses: [String: FaultUse<Self>] {
    [
      "GetDatabase": FaultUse(
        prepare: { try await $0.glue.createDatabase() },
        act: { lake in
          expect(try await lake.other.hasDatabase(), false)
          expect(try await lake.glue.hasDatabase(), true)
          expect(try await lake.other.hasDatabase(), false)
        }),
      "CreateDatabase": adding,
    ]
  }

  /// A database that is not there.
  private var other: GlueClient { GlueClient(client: glue.client, database: target + "_other") }

  /// Each of the operations that the first partitions of a dataset need.
  private static var adding: FaultUse<Self> {
    FaultUse(
      act: { try await $0.add() },
      verify: { lake in
        expect(try await lake.glue.hasDatabase(), true)
        expect(try await lake.known(), Set(lake.records.map(\.id)))
      })
  }

  private static var tableUses: [String: FaultUse<Self>] {
    [
      "GetTable": FaultUse(
        prepare: { try await $0.makeTable() },
        act: { lake in
          expect(try await lake.glue.table("absent"), nil)
          expect(try await lake.glue.table("t")?.parameters?["number"], "1")
          expect(try await lake.glue.table("absent"), nil)
        }),
      "CreateTable": adding,
      "UpdateTable": FaultUse(
        prepare: { try await $0.add() },
        act: { try await $0.catalog.add([], of: GlueScenario.dataset(adding: [more])) },
        verify: { lake in
          let columns = try await lake.glue.table("events_versions")?.storageDescriptor?.columns
          expect(columns?.contains { $0.name == more.name }, true)
          expect(try await lake.known(), Set(lake.records.map(\.id)))
        }),
      "DeleteTable": FaultUse(
        prepare: { lake in
          try await lake.add()
          try await lake.show(1)
        },
        act: { try await $0.catalog.drop($0.dataset) },
        verify: { lake in
          for name in ["events", "events_versions"] { expect(try await lake.glue.table(name), nil) }
        }),
      "GetTableVersions": FaultUse(
        prepare: { try await $0.makeTable(changes: 2) },
        act: { expect(Set(try await $0.glue.tableVersions("t")), ["1", "2", "3"]) }),
      "BatchDeleteTableVersion": FaultUse(
        prepare: { try await $0.makeTable(changes: 2) },
        act: { lake in
          // One that is gone already is no failure to whoever asks again.
          let failures = try await lake.glue.deleteTableVersions("t", ["1", "2"])
          expect(failures.map(\.code).filter { $0 != GlueErrorCode.notFound }, [])
        },
        verify: { expect(try await $0.glue.tableVersions("t"), ["3"]) }),
    ]
  }

  private static let more = ColumnField("more", .string)

  private static var partitionUses: [String: FaultUse<Self>] {
    [
      "GetPartitions": FaultUse(
        prepare: { lake in
          try await lake.add()
          try await lake.show(1, 2)
        },
        act: { expect(try await $0.catalog.shown(of: $0.dataset), $0.ids(1, 2)) }),
      "BatchGetPartition": FaultUse(
        prepare: { try await $0.add() },
        act: { expect(try await $0.known(), Set($0.records.map(\.id))) }),
      "BatchCreatePartition": adding,
      "BatchUpdatePartition": FaultUse(
        prepare: { lake in
          try await lake.add()
          try await lake.show(0, 2)
        },
        act: { try await $0.show(1, 2) },
        verify: { expect(try await $0.catalog.shown(of: $0.dataset), $0.ids(1, 2)) }),
      "BatchDeletePartition": FaultUse(
        prepare: { lake in
          try await lake.add()
          try await lake.show(1, 2)
        },
        act: { try await $0.catalog.remove([$0.records[1]], of: $0.dataset) },
        verify: { lake in
          expect(try await lake.known(), Set(lake.ids(0, 2)))
          expect(try await lake.catalog.shown(of: lake.dataset), lake.ids(2))
        }),
    ]
  }

  private func add() async throws {
    try await catalog.add(GlueScenario.partitions(records, of: dataset), of: dataset)
  }

  private func show(_ numbers: Int...) async throws {
    try await catalog.show(numbers.map { records[$0] }, of: dataset)
  }

  private func ids(_ numbers: Int...) -> [VersionID] { numbers.map { records[$0].id } }

  /// The versions that the catalog has.
  private func known() async throws -> Set<VersionID> {
    Set(try await catalog.partitions(of: records, in: dataset).map(\.version))
  }

  /// A table that was changed, each time leaving the old version behind, which ours never does.
  private func makeTable(changes: Int = 0) async throws {
    struct Change: Encodable {
      var databaseName: String
      var tableInput: GlueTable
    }
    try await glue.createDatabase()
    var table = GlueTable(name: "t", parameters: ["number": "1"])
    try await glue.createTable(table)
    for number in 0..<changes {
      table.parameters = ["number": "\(number + 2)"]
      let _: EmptyAnswer = try await glue.client.call(
        .updateTable, Change(databaseName: target, tableInput: table))
    }
  }
}

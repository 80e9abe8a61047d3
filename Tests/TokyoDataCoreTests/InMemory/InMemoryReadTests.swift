internal import Testing
internal import TokyoDataTesting

@Suite("Reads and retirements of the in-memory store")
struct InMemoryReadTests {
  let today = Day(daysSince1970: 20_010)
  let day = Day(daysSince1970: 20_000)

  private func store(_ dataset: Dataset) async throws -> InMemoryHotStore {
    let now = today.start
    let store = InMemoryHotStore(now: { now })
    try await store.install(dataset)
    return store
  }

  private func dataset(time: String?) throws -> Dataset {
    let fields = [
      ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
    ]
    return try Dataset(
      DatasetName("events"), schema: ColumnSchema(fields), primaryKey: ["id"], timeColumn: time)
  }

  private func rows(_ dataset: Dataset, _ ids: Int64...) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(dataset.schema)
    for id in ids { try builder.append(row: [.int(id), .timestamp(day.start)]) }
    return try builder.finish()
  }

  private func count(_ dataset: Dataset, in store: InMemoryHotStore) async throws -> Int {
    let query = try ResolvedQuery(Query(dataset.name).select(.count), for: dataset)
    return try await store.withSnapshot(of: [dataset.name]) { snapshot in
      try await snapshot.read(query, in: [.unbounded]) { _ in }.rows
    }
  }

  @Test("an undated dataset is read whole, and marks no day")
  func undated() async throws {
    let dataset = try dataset(time: nil)
    let store = try await store(dataset)
    let batch = try rows(dataset, 1, 2, 3)
    try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
    #expect(try await count(dataset, in: store) == 3)
    #expect(try await store.coverage(of: dataset.name).marked.isEmpty)
  }

  /// Publishes the day with what hot holds.
  private func publish(_ dataset: Dataset, in store: InMemoryHotStore) async throws -> VersionRecord {
    var version = VersionRecord(
      id: VersionID(at: today.start), day: day, location: "there", schemaFingerprint: "", snapshot: "",
      exportedAt: today.start)
    try await store.withExportSnapshot(of: dataset.name) { snapshot in
      var hash = RowHash()
      try await snapshot.readDay(day) { hash.add($0) }
      version.rowHash = hash
    }
    let publication = DayPublication(
      day: day, base: DayCoverage(day: day, state: .hot, version: nil), version: version, marks: [])
    try await store.withRun(of: dataset.name, .export) { run in
      try await run.record(version)
      try await run.publish([publication])
    }
    return version
  }

  @Test("a row that goes while its day retires makes the retirement look again")
  func removedWhileRetiring() async throws {
    let dataset = try dataset(time: "at")
    let store = try await store(dataset)
    let (both, one) = (try rows(dataset, 1, 2), try rows(dataset, 2))
    try await store.withTransaction { try await $0.insert(both, into: dataset.name) }
    let version = try await publish(dataset, in: store)
    let (retiring, deleted) = (Gate(), Gate())
    let name = dataset.name
    async let deletion: Void = store.withTransaction { transaction in
      try await transaction.delete(one, from: name)
      deleted.open()
      try await retiring.wait()
    }
    try await deleted.wait()
    // Whether the deletion commits before the retirement or not, one of the two must not happen.
    let outcome = try await store.retire(
      day, of: name, version: version.id, expecting: version.rowHash, step: { _ in retiring.open() })
    let failure: (any Error)?
    do {
      try await deletion
      failure = nil
    } catch {
      failure = error
    }
    switch outcome {
    case .retired(let rows):
      #expect(rows == 2)
      #expect((failure as? TokyoDataError)?.code == .daysUnavailable)
      #expect(try await count(dataset, in: store) == 0)
    case .differs(let found, let isMarked):
      #expect(failure == nil)
      #expect(found.rowCount == 1 && isMarked)
      #expect(try await count(dataset, in: store) == 1)
    }
  }

  @Test("a key is free again once its row is retired")
  func keysOfRetiredRows() async throws {
    let dataset = try dataset(time: "at")
    let store = try await store(dataset)
    let batch = try rows(dataset, 1, 2)
    try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
    let version = try await publish(dataset, in: store)
    _ = try await store.retire(
      day, of: dataset.name, version: version.id, expecting: version.rowHash, step: { _ in })
    try await store.withTransaction { try await $0.insert(batch, into: dataset.name) }
    let keys = try await store.withSnapshot(of: [dataset.name]) { snapshot in
      try await snapshot.overlayKeys(of: dataset.name, days: [day], limit: 2)
    }
    #expect(keys[day]?.rowCount == 2)
  }
}

/// A hot store with one dataset installed, and what cases do with it.
struct HotScenario {
  let store: any CompleteHotStore
  let dataset: Dataset
  let today: Day

  init(_ fixture: any HotStoreFixture, _ dataset: Dataset? = nil) async throws {
    store = fixture.store
    self.dataset = try dataset ?? ConformanceRow.dataset()
    try await fixture.install(self.dataset)
    today = try await fixture.today()
  }

  var name: DatasetName { dataset.name }

  /// The day that many days before today.
  func day(ago days: Int) -> Day { today.advanced(by: -days) }

  // MARK: Writing

  func insert(_ rows: ConformanceRow...) async throws {
    let batch = try ConformanceRow.batch(rows)
    try await store.withTransaction { try await $0.insert(batch, into: name) }
  }

  func upsert(_ rows: ConformanceRow...) async throws {
    let batch = try ConformanceRow.batch(rows)
    try await store.withTransaction { try await $0.upsert(batch, into: name) }
  }

  @discardableResult
  func update(_ rows: ConformanceRow...) async throws -> Int {
    let batch = try ConformanceRow.batch(rows)
    return try await store.withTransaction { try await $0.update(batch, in: name) }
  }

  @discardableResult
  func delete(_ rows: ConformanceRow...) async throws -> Int {
    let batch = try ConformanceRow.batch(rows)
    return try await store.withTransaction { try await $0.delete(batch, from: name) }
  }

  // MARK: Reading

  func query() -> Query { Query(name) }

  /// The answer to a query from hot alone, in a snapshot of its own.
  func answer(_ query: Query, in ranges: [TimeRange] = [.unbounded]) async throws -> ColumnBatch {
    try await store.withSnapshot(of: [name]) { try await answer(query, in: ranges, of: $0) }
  }

  /// The answer to a query from a snapshot.
  func answer(
    _ query: Query, in ranges: [TimeRange] = [.unbounded], of snapshot: any HotSnapshot
  ) async throws -> ColumnBatch {
    let resolved = try ResolvedQuery(query, for: dataset)
    var merger = ResultMerger(resolved)
    _ = try await snapshot.read(resolved, in: ranges) { try merger.add($0) }
    return try merger.finish()
  }

  /// The keys of the rows in hot, ascending.
  func ids(in ranges: [TimeRange] = [.unbounded]) async throws -> [ColumnValue] {
    try await answer(query().select("id").order(by: "id"), in: ranges).values("id")
  }

  func ids(of snapshot: any HotSnapshot) async throws -> [ColumnValue] {
    try await answer(query().select("id").order(by: "id"), of: snapshot).values("id")
  }

  func coverage() async throws -> Coverage { try await store.coverage(of: name) }

  /// The marks that an export would see on a day.
  func marks(on day: Day) async throws -> [Mark] {
    try await store.withExportSnapshot(of: name) { try await $0.marks() }.filter { $0.day == day }
  }

  // MARK: Versions

  /// A version of a day that says what hot now holds of it.
  func version(of day: Day) async throws -> VersionRecord {
    var hash = RowHash()
    let snapshot = try await store.withExportSnapshot(of: name) { snapshot in
      try await snapshot.readDay(day) { hash.add($0) }
      return (id: snapshot.id, asOf: snapshot.asOf)
    }
    let id = VersionID(at: snapshot.asOf)
    var version = VersionRecord(
      id: id, day: day, location: "\(name)/\(day)/\(id)", schemaFingerprint: dataset.schemaFingerprint,
      snapshot: snapshot.id, exportedAt: snapshot.asOf)
    version.rowHash = hash
    version.bytes = 1
    return version
  }

  /// Records a version of the day in a run of its own.
  func record(_ day: Day) async throws -> VersionRecord {
    let version = try await version(of: day)
    try await store.withRun(of: name, .export) { try await $0.record(version) }
    return version
  }

  /// A publication that begins from what the ledger now says of the day.
  func publication(
    of day: Day, _ version: VersionRecord?, marks: [Mark] = []
  ) async throws -> DayPublication {
    let coverage = try await coverage()
    let base = coverage.days[day] ?? DayCoverage(day: day, state: .hot, version: nil)
    return DayPublication(day: day, base: base, version: version, marks: marks)
  }

  func publish(_ days: DayPublication...) async throws {
    try await store.withRun(of: name, .export) { try await $0.publish(days) }
  }

  /// Publishes what hot holds of a day, with its marks.
  @discardableResult
  func publish(_ day: Day) async throws -> VersionRecord {
    let version = try await record(day)
    try await publish(try await publication(of: day, version, marks: try await marks(on: day)))
    return version
  }

  /// Publishes what hot holds of a day and retires it.
  @discardableResult
  func retire(_ day: Day) async throws -> VersionRecord {
    let version = try await publish(day)
    let outcome = try await retire(day, version)
    try expectEqual(outcome, .retired(rows: version.rowHash.rowCount), "retirement that a case builds on")
    return version
  }

  func retire(_ day: Day, _ version: VersionRecord) async throws -> RetireOutcome {
    try await store.retire(
      day, of: name, version: version.id, expecting: version.rowHash, step: { _ in })
  }

  func state(of version: VersionRecord) async throws -> VersionRecord.State? {
    try await store.versions(of: name).first { $0.id == version.id }?.state
  }
}

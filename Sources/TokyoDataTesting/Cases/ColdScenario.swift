/// A cold store with versions of one dataset.
struct ColdScenario {
  let fixture: any ColdStoreFixture
  let dataset: Dataset

  init(_ fixture: any ColdStoreFixture) throws {
    self.fixture = fixture
    dataset = try ConformanceRow.dataset()
  }

  var store: any ColdStore { fixture.store }

  /// A day long ago; its number tells them apart.
  func day(_ number: Int) -> Day { Day(daysSince1970: 19_000).advanced(by: number) }

  func query() -> Query { Query(dataset.name) }

  /// Writes a version of the day of that number.
  func write(_ number: Int, _ rows: ConformanceRow...) async throws -> VersionRecord {
    try await fixture.write(try ConformanceRow.batch(rows), as: day(number), of: dataset)
  }

  /// The answer to a query from versions alone.
  func answer(
    _ query: Query, from versions: [PinnedVersion], of dataset: Dataset? = nil
  ) async throws -> ColumnBatch {
    let resolved = try ResolvedQuery(query, for: dataset ?? self.dataset)
    var merger = ResultMerger(resolved)
    _ = try await store.read(resolved, from: versions) { try merger.add($0) }
    return try merger.finish()
  }

  /// The keys of the rows of versions, ascending.
  func ids(from versions: [VersionRecord]) async throws -> [ColumnValue] {
    let query = query().select("id").order(by: "id")
    return try await answer(query, from: versions.map { PinnedVersion($0) }).values("id")
  }
}

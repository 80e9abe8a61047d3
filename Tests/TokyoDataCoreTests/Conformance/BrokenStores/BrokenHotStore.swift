internal import TokyoDataTesting

/// A hot store that breaks one sentence of a contract, and forwards all else to an in-memory store.
protocol BrokenHotStore: CompleteHotStore {
  /// The sentence that it breaks.
  static var breaks: String { get }
  var inner: InMemoryHotStore { get }
  init(inner: InMemoryHotStore)

  // What a broken store may put itself around; each is passed on as it is unless said otherwise.
  func snapshot(_ inner: any HotSnapshot) -> any HotSnapshot
  func transaction(_ inner: any HotTransaction) -> any HotTransaction
  func run(_ inner: any LedgerRun) -> any LedgerRun
  func export(_ inner: any ExportSnapshot) -> any ExportSnapshot
}

extension BrokenHotStore {
  var name: String { inner.name }

  func snapshot(_ inner: any HotSnapshot) -> any HotSnapshot { inner }
  func transaction(_ inner: any HotTransaction) -> any HotTransaction { inner }
  func run(_ inner: any LedgerRun) -> any LedgerRun { inner }
  func export(_ inner: any ExportSnapshot) -> any ExportSnapshot { inner }

  func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    try await inner.withSnapshot(of: datasets) { try await body(snapshot($0)) }
  }

  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    try await inner.withTransaction { try await body(transaction($0)) }
  }

  func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID> {
    try await inner.condemned(among: versions, of: dataset)
  }

  func install(_ dataset: Dataset) async throws { try await inner.install(dataset) }
  func datasets() async throws -> [DatasetName] { try await inner.datasets() }
  func dataset(_ name: DatasetName) async throws -> Dataset { try await inner.dataset(name) }
  func coverage(of dataset: DatasetName) async throws -> Coverage { try await inner.coverage(of: dataset) }

  func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try await inner.versions(of: dataset)
  }

  func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result {
    try await inner.withRun(of: dataset, kind) { try await body(run($0)) }
  }

  func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result {
    try await inner.withExportSnapshot(of: dataset) { try await body(export($0)) }
  }

  func waitForWriters(of dataset: DatasetName, atMost limit: Duration) async throws -> [OpenWriter] {
    try await inner.waitForWriters(of: dataset, atMost: limit)
  }

  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    try await inner.retire(day, of: dataset, version: version, expecting: expected, step: step)
  }
}

extension BrokenHotStore {
  /// The rows that hot holds of a day.
  func rows(of day: Day, _ dataset: DatasetName) async throws -> ColumnBatch {
    try await inner.withExportSnapshot(of: dataset) { snapshot in
      var batches: [ColumnBatch] = []
      try await snapshot.readDay(day) { batches.append($0) }
      return try ColumnBatch.joining(batches, schema: snapshot.dataset.schema)
    }
  }

  /// The days of the rows of a batch that are cold.
  func coldDays(of rows: ColumnBatch, _ dataset: DatasetName) async throws -> Set<Day> {
    let coverage = try await inner.coverage(of: dataset)
    return Set(
      try rows.column("at").days.filter { coverage.state(of: $0) == .cold })
  }
}

extension ColumnVector {
  /// The days of a column of instants.
  var days: [Day] {
    (0..<count).compactMap { if case .timestamp(let instant) = self[$0] { instant.day } else { nil } }
  }
}

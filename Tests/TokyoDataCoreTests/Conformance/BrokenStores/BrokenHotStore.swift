internal import TokyoDataTesting

/// A hot store that breaks one sentence of a contract, and forwards all else to an in-memory store.
protocol BrokenHotStore: ForwardingHotStore where Inner == InMemoryHotStore {
  /// The sentence that it breaks.
  static var breaks: String { get }
  init(inner: InMemoryHotStore)

  // What a broken store may put itself around; each is passed on as it is unless said otherwise.
  func snapshot(_ inner: any HotSnapshot) -> any HotSnapshot
  func transaction(_ inner: any HotTransaction) -> any HotTransaction
  func run(_ inner: any LedgerRun) -> any LedgerRun
  func export(_ inner: any ExportSnapshot) -> any ExportSnapshot
}

extension BrokenHotStore {
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

extension InMemoryHotStore: Ledger {
  /// Records a dataset; a later definition may change its policy, not its columns.
  public func install(_ dataset: Dataset) async throws {
    try withState { (state) throws(TokyoDataError) in
      guard let index = state.tables.index(forKey: dataset.name) else {
        state.tables[dataset.name] = HotTable(dataset)
        return
      }
      try state.tables.values[index].redefine(dataset)
    }
  }

  /// The datasets, by name.
  public func datasets() async throws -> [DatasetName] {
    withState { $0.tables.keys.sorted() }
  }

  /// The definition of a dataset.
  public func dataset(_ name: DatasetName) async throws -> Dataset {
    try withTable(name) { $0.view.dataset }
  }

  /// What the ledger says of a dataset now.
  public func coverage(of dataset: DatasetName) async throws -> Coverage {
    try withTable(dataset) { $0.view.coverage() }
  }

  /// All versions of a dataset, condemned ones included, by id.
  public func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try withTable(dataset) { $0.view.versions.values.sorted { $0.id < $1.id } }
  }

  /// Runs `body` as the dataset's only run; what it does through the handle after its end is `busy`.
  public func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result {
    let id = withState { state in
      state.lastRun += 1
      return RunID(number: state.lastRun)
    }
    let definition = try withTable(dataset) { table in
      guard table.run == nil else {
        throw TokyoDataError(
          .busy, "another run of the dataset is under way",
          context: .init(store: Self.shortName, operation: kind.rawValue, dataset: dataset))
      }
      table.run = id
      return table.view.dataset
    }
    defer { try? withTable(dataset) { $0.run = nil } }
    return try await body(InMemoryLedgerRun(store: self, id: id, dataset: definition))
  }
}

/// A run of the in-memory store; what it does after its end is an error.
struct InMemoryLedgerRun: LedgerRun {
  let store: InMemoryHotStore
  let id: RunID
  let dataset: Dataset

  func record(_ version: VersionRecord) async throws {
    try change { try $0.record(version, by: id, at: $1) }
  }

  func publish(_ days: [DayPublication]) async throws {
    try change { try $0.publish(days, at: $1) }
  }

  func noteVerified(_ version: VersionID, at instant: Timestamp) async throws {
    try change { table, _ in try table.noteVerified(version, at: instant) }
  }

  func declareSuspect(_ day: Day) async throws {
    try change { table, _ in try table.declareSuspect(day) }
  }

  func resolve(_ day: Day, keeping side: SuspectResolution) async throws {
    try change { try $0.resolve(day, keeping: side, at: $1) }
  }

  func condemn(grace: Duration) async throws -> [VersionRecord] {
    try change { $0.condemn(grace: grace, sparing: id, at: $1) }
  }

  func noteCollected(_ version: VersionID) async throws {
    try change { try $0.noteCollected(version, at: $1) }
  }

  private func change<Result: Sendable>(
    _ body: (inout HotTable, Timestamp) throws -> Result
  ) throws -> Result {
    try store.withTable(dataset.name) { table in
      guard table.run == id else {
        throw TokyoDataError(
          .busy, "the run has ended", context: .init(store: InMemoryHotStore.shortName, dataset: dataset.name)
        )
      }
      return try body(&table, store.now())
    }
  }
}

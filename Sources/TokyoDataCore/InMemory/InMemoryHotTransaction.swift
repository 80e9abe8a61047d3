internal import Synchronization

/// One transaction of the in-memory store: writes that wait for their commit.
final class InMemoryHotTransaction: HotTransaction {
  private let store: InMemoryHotStore
  private let number: UInt64
  private let progress = Mutex(Progress())

  private struct Progress: Sendable {
    var writes: [DatasetName: [HotWrite]] = [:]
    var planners: [DatasetName: WritePlanner] = [:]
    /// How many rows each deletion told its caller that it deletes; nil for other writes.
    var deletions: [DatasetName: [Int?]] = [:]
    /// What made the transaction fail; as in PostgreSQL it then does nothing more, and does not commit.
    var failure: TokyoDataError?
    var hasEnded = false
  }

  init(of store: InMemoryHotStore, number: UInt64) {
    self.store = store
    self.number = number
  }

  func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    _ = try write(.insert(rows), dataset)
  }

  func upsert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    _ = try write(.upsert(rows), dataset)
  }

  @discardableResult
  func delete(_ rows: ColumnBatch, from dataset: DatasetName) async throws -> Int {
    try write(.delete(rows), dataset)
  }

  /// Checks a write against what is committed now and what this transaction wrote before, and keeps it.
  private func write(_ write: HotWrite, _ dataset: DatasetName) throws -> Int {
    try progress.withLock { progress in
      if let failure = progress.failure { throw failure }
      guard !progress.hasEnded else {
        throw TokyoDataError(.invalidArgument, "the transaction has ended", context: .init(dataset: dataset))
      }
      do {
        let removed = try store.withState { state in
          guard let table = state.tables[dataset] else { throw InMemoryHotStore.unknown(dataset) }
          state.writers.begin(number, on: dataset)
          return try progress.planners[dataset, default: WritePlanner()].plan(write, on: table).removedCount
        }
        progress.writes[dataset, default: []].append(write)
        progress.deletions[dataset, default: []].append(write.isDeletion ? removed : nil)
        return removed
      } catch {
        progress.failure = error as? TokyoDataError
        throw error
      }
    }
  }

  /// Plans all writes again, on what is committed now, and makes the changes together.
  func commit() throws {
    try progress.withLock { progress in
      if let failure = progress.failure { throw failure }
      progress.hasEnded = true
      try store.withState { state in
        var changes: [DatasetName: HotTable.Change] = [:]
        for (dataset, writes) in progress.writes {
          guard let change = try state.tables[dataset]?.change(by: writes) else { continue }
          try checkDeletions(progress.deletions[dataset] ?? [], removed: change.removedCounts, dataset)
          changes[dataset] = change
        }
        let today = store.now().day
        for (dataset, change) in changes {
          state.tables[dataset]?.apply(change, by: number, today: today)
        }
      }
    }
  }

  private func checkDeletions(
    _ told: [Int?], removed: [Int], _ dataset: DatasetName
  ) throws(TokyoDataError) {
    for (told, removed) in zip(told, removed) where told ?? removed != removed {
      throw TokyoDataError(
        .conflict, "another transaction deleted or added rows that this one deletes",
        context: .init(store: store.name, dataset: dataset))
    }
  }

  /// Lets those go on who wait for the transaction's end.
  func end() {
    let datasets = progress.withLock { progress in
      progress.hasEnded = true
      return progress.planners.keys
    }
    store.withState { $0.writers.end(number, on: datasets) }
  }
}

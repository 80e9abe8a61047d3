internal import Synchronization

/// One transaction of the in-memory store: writes that wait for their commit.
final class InMemoryHotTransaction: HotTransaction {
  private let store: InMemoryHotStore
  private let number: UInt64
  private let progress = Mutex(Progress())

  private struct Progress: Sendable {
    var tables: [DatasetName: Writes] = [:]
    /// What made the transaction fail; as in PostgreSQL it then does nothing more, and does not commit.
    var failure: TokyoDataError?
    var hasEnded = false
  }

  /// The writes to one table.
  fileprivate struct Writes: Sendable {
    var writes: [HotWrite] = []
    var planner = WritePlanner()
    /// The table's revision of which all was planned; nil where it changed in between.
    var revision: UInt64?
    /// How many rows each update and deletion told its caller that it concerns; nil for other writes.
    var counts: [Int?] = []
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
  func update(_ rows: ColumnBatch, in dataset: DatasetName) async throws -> Int {
    try write(.update(rows), dataset)
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
        return try store.withState { state in
          guard let table = state.tables[dataset] else { throw InMemoryHotStore.unknown(dataset) }
          state.writers.begin(number, on: dataset)
          return try progress.tables[dataset, default: Writes(revision: table.revision)].add(write, to: table)
        }
      } catch {
        progress.failure = error as? TokyoDataError
        throw error
      }
    }
  }

  /// Makes all changes together; plans again what was planned on rows that are others now.
  func commit() throws {
    try progress.withLock { progress in
      if let failure = progress.failure { throw failure }
      progress.hasEnded = true
      try store.withState { state in
        var changes: [DatasetName: HotTable.Change] = [:]
        for (dataset, writes) in progress.tables {
          changes[dataset] = try state.tables[dataset]?.change(by: writes)
        }
        let today = store.now().day
        for (dataset, change) in changes {
          state.tables[dataset]?.apply(change, by: number, today: today)
        }
      }
      progress.tables = progress.tables.mapValues { _ in Writes() }
    }
  }

  /// Lets those go on who wait for the transaction's end.
  func end() {
    let datasets = progress.withLock { progress in
      progress.hasEnded = true
      return progress.tables.keys
    }
    store.withState { $0.writers.end(number, on: datasets) }
  }
}

extension InMemoryHotTransaction.Writes {
  fileprivate mutating func add(_ write: HotWrite, to table: HotTable) throws -> Int {
    let removed = try planner.plan(write, on: table)
    writes.append(write)
    counts.append(write.tellsCount ? removed : nil)
    if revision != table.revision { revision = nil }
    return removed
  }
}

extension HotTable {
  /// What the writes of a transaction make of the table as it is.
  fileprivate func change(by writes: InMemoryHotTransaction.Writes) throws -> Change {
    guard writes.revision != revision else { return try change(by: writes.planner) }
    var planner = WritePlanner()
    for (write, told) in zip(writes.writes, writes.counts) {
      let removed = try planner.plan(write, on: self)
      guard told ?? removed == removed else {
        throw TokyoDataError(
          .conflict, "another transaction deleted or added rows that this one changes",
          context: .init(store: InMemoryHotStore.shortName, dataset: view.dataset.name))
      }
    }
    return try change(by: planner)
  }
}

internal import Synchronization
internal import TokyoDataCore
internal import TokyoDataTesting

final class ReadsUncommitted: BrokenHotStore {
  static let breaks = "A transaction is seen as a whole or not at all."
  let inner: InMemoryHotStore
  private let pending = Pending()

  init(inner: InMemoryHotStore) { self.inner = inner }

  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    defer { pending.rows.withLock { $0 = [] } }
    return try await inner.withTransaction { try await body(Transaction(inner: $0, pending: pending)) }
  }

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot {
    Snapshot(inner: snapshot, pending: pending)
  }

  final class Pending: Sendable {
    let rows = Mutex<[ColumnBatch]>([])
  }

  struct Transaction: ForwardingTransaction {
    let inner: any HotTransaction
    let pending: Pending

    func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
      try await inner.insert(rows, into: dataset)
      pending.rows.withLock { $0.append(rows) }
    }
  }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot
    let pending: Pending

    func read(
      _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
    ) async throws -> ReadStatistics {
      var evaluator = PartialEvaluator(query)
      for batch in pending.rows.withLock({ $0 }) { try evaluator.add(batch, in: ranges) }
      for part in try evaluator.takeBatches(atEnd: true) { try await consume(part) }
      return try await inner.read(query, in: ranges, consume)
    }
  }
}

struct KeepsWhatFailed: BrokenHotStore {
  static let breaks = "A transaction whose body throws changes nothing."
  let inner: InMemoryHotStore

  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    var failure: (any Error)?
    let result: Result? = try await inner.withTransaction { transaction in
      do { return try await body(transaction) } catch {
        failure = error
        return nil
      }
    }
    guard let result else { throw failure ?? CancellationError() }
    return result
  }
}

struct MarksOncePerDay: BrokenHotStore {
  static let breaks = "A write to a finished day marks it, once a transaction and day."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func marks() async throws -> [Mark] {
      var days: Set<Day> = []
      return try await inner.marks().filter { days.insert($0.day).inserted }
    }
  }
}

struct MarksToday: BrokenHotStore {
  static let breaks = "A write to today marks nothing."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func marks() async throws -> [Mark] {
      var rows = 0
      if dataset.isDated { try await inner.readDay(asOf.day) { rows += $0.rowCount } }
      return try await inner.marks() + (rows > 0 ? [Mark(day: asOf.day, transaction: 0)] : [])
    }
  }
}

struct MarksNewDayOnly: BrokenHotStore {
  static let breaks = "A row that moves to another day marks both days."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  /// The cases move rows forward only, so the later day is the new one.
  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func marks() async throws -> [Mark] {
      let marks = try await inner.marks()
      return marks.filter { mark in
        !marks.contains { $0.transaction == mark.transaction && $0.day > mark.day }
      }
    }
  }
}

/// A store whose transactions have another way to write.
protocol BrokenWrites: BrokenHotStore {
  func insert(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws
  func upsert(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws
  func update(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws -> Int
  func delete(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws -> Int
}

extension BrokenWrites {
  func transaction(_ inner: any HotTransaction) -> any HotTransaction {
    BrokenTransaction(store: self, inner: inner)
  }

  func insert(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws {
    try await inner.insert(rows, into: dataset)
  }

  func upsert(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws {
    try await inner.upsert(rows, into: dataset)
  }

  func update(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction
  ) async throws -> Int {
    try await inner.update(rows, in: dataset)
  }

  func delete(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction
  ) async throws -> Int {
    try await inner.delete(rows, from: dataset)
  }
}

struct BrokenTransaction<Store: BrokenWrites>: HotTransaction {
  let store: Store
  let inner: any HotTransaction

  func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await store.insert(rows, dataset, inner)
  }

  func upsert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await store.upsert(rows, dataset, inner)
  }

  func update(_ rows: ColumnBatch, in dataset: DatasetName) async throws -> Int {
    try await store.update(rows, dataset, inner)
  }

  func delete(_ rows: ColumnBatch, from dataset: DatasetName) async throws -> Int {
    try await store.delete(rows, dataset, inner)
  }
}

struct ReplacesOnInsert: BrokenWrites {
  static let breaks = "An insert of a taken key is a `conflict`."
  let inner: InMemoryHotStore

  func insert(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws {
    try await inner.upsert(rows, into: dataset)
  }
}

struct LosesUpsertedValues: BrokenWrites {
  static let breaks = "An upsert replaces the row of its day and key."
  let inner: InMemoryHotStore

  func upsert(_ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction) async throws {
    var builder = ColumnBatchBuilder(rows.schema)
    for row in 0..<rows.rowCount {
      let kept: Set = ["id", "at"]
      try builder.append(
        row: zip(rows.schema.fields, rows.row(row)).map { kept.contains($0.name) ? $1 : .null })
    }
    try await inner.upsert(try builder.finish(), into: dataset)
  }
}

struct AddsOnUpdate: BrokenWrites {
  static let breaks = "An update replaces the rows of its days and keys, adds none, and tells how many."
  let inner: InMemoryHotStore

  /// Keeps what was refused for its keys or its day out, so that this is all that is wrong.
  func update(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction
  ) async throws -> Int {
    let count = try await inner.update(rows, in: dataset)
    try await inner.upsert(rows, into: dataset)
    return count
  }
}

struct TakesLastOfUpdates: BrokenWrites {
  static let breaks = "An update with a key twice is an `invalidArgument` error."
  let inner: InMemoryHotStore

  func update(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction
  ) async throws -> Int {
    var count = 0
    for row in 0..<rows.rowCount {
      count += try await inner.update(try rows.gathering([row]), in: dataset)
    }
    return count
  }
}

struct CountsAskedDeletions: BrokenWrites {
  static let breaks = "A delete removes the rows of its days and keys and tells how many."
  let inner: InMemoryHotStore

  func delete(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ inner: any HotTransaction
  ) async throws -> Int {
    _ = try await inner.delete(rows, from: dataset)
    return rows.rowCount
  }
}

struct UncoversColdRows: BrokenWrites {
  static let breaks = "Deleting a row that replaces a cold one is an error."
  let inner: InMemoryHotStore

  /// Says that it deleted, where the row is there.
  func delete(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ transaction: any HotTransaction
  ) async throws -> Int {
    for day in try await coldDays(of: rows, dataset) {
      let held = try await self.rows(of: day, dataset).rowCount
      if held > 0 { return rows.rowCount }
    }
    return try await transaction.delete(rows, from: dataset)
  }
}

struct AcceptsLateWrites: BrokenHotStore {
  static let breaks = "A write to a cold day is an error where the dataset rejects late writes."
  let inner: InMemoryHotStore

  func install(_ dataset: Dataset) async throws {
    var policy = dataset.policy
    policy.lateWrites = .overlay
    try await inner.install(
      Dataset(
        dataset.name, schema: dataset.schema, primaryKey: dataset.primaryKey,
        timeColumn: dataset.timeColumn, policy: policy))
  }
}

struct UpdatesNothingInCold: BrokenWrites {
  static let breaks = "Updating what is only in cold is a `daysUnavailable` error that names the day."
  let inner: InMemoryHotStore

  /// As plain SQL does.
  func update(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ transaction: any HotTransaction
  ) async throws -> Int {
    for day in try await coldDays(of: rows, dataset) {
      let held = try await self.rows(of: day, dataset).rowCount
      if held == 0 { return 0 }
    }
    return try await transaction.update(rows, in: dataset)
  }
}

struct DeletesNothingInCold: BrokenWrites {
  static let breaks = "Deleting what is only in cold is a `daysUnavailable` error that names the day."
  let inner: InMemoryHotStore

  /// As plain SQL does.
  func delete(
    _ rows: ColumnBatch, _ dataset: DatasetName, _ transaction: any HotTransaction
  ) async throws -> Int {
    for day in try await coldDays(of: rows, dataset) {
      let held = try await self.rows(of: day, dataset).rowCount
      if held == 0 { return 0 }
    }
    return try await transaction.delete(rows, from: dataset)
  }
}

struct ForgetsUnknownVersions: BrokenHotStore {
  static let breaks = "The condemned are told among versions."
  let inner: InMemoryHotStore

  func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID> {
    let known = Set(try await inner.versions(of: dataset).map(\.id))
    return try await inner.condemned(among: versions, of: dataset).intersection(known)
  }
}

struct IsAnotherLedgerEachTime: BrokenHotStore {
  static let breaks = "The ledger is always told by the same id."
  let inner: InMemoryHotStore

  func ledgerID() async throws -> LedgerID { await InMemoryHotStore().ledgerID() }
}

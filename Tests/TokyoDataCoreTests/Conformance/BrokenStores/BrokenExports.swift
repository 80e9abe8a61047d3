internal import Synchronization
internal import TokyoDataCore
internal import TokyoDataTesting

struct ExportsLaterRows: BrokenHotStore {
  static let breaks =
    "An export snapshot reads the rows committed before it and nothing that came later."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot, store: inner) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot
    let store: InMemoryHotStore

    func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
      try await store.withExportSnapshot(of: dataset.name) { try await $0.readDay(day, consume) }
    }
  }
}

struct ExportsAnyOrder: BrokenHotStore {
  static let breaks = "A day's rows come in the dataset's row order."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
      try await inner.readDay(day) { batch in
        try await consume(try batch.gathering((0..<batch.rowCount).reversed()))
      }
    }
  }
}

struct IncludesNextMidnight: BrokenHotStore {
  static let breaks = "A day's rows are those whose time lies in the day, to the microsecond."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func readDay(_ day: Day, _ consume: (ColumnBatch) async throws -> Void) async throws {
      try await inner.readDay(day, consume)
      try await inner.readDay(day.next) { batch in
        let times = try batch.column("at")
        let midnight = (0..<batch.rowCount).filter { times[$0] == .timestamp(day.next.start) }
        try await consume(try batch.gathering(midnight))
      }
    }
  }
}

struct ListsDaysOnly: BrokenHotStore {
  static let breaks = "Finished days are listed with their number of rows."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func finishedDays() async throws -> [Day: Int] { try await inner.finishedDays().mapValues { _ in 1 } }
  }
}

struct SeesLaterMarks: BrokenHotStore {
  static let breaks = "Marks are those of transactions that committed before the snapshot."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot, store: inner) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot
    let store: InMemoryHotStore

    func marks() async throws -> [Mark] {
      try await store.withExportSnapshot(of: dataset.name) { try await $0.marks() }
    }
  }
}

struct ReadsUndatedByDay: BrokenHotStore {
  static let breaks = "An undated dataset is read as a whole."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func readAll(_ consume: (ColumnBatch) async throws -> Void) async throws {
      try await inner.readAll { batch in
        let today = asOf.day
        let days = try batch.column("at").days
        try await consume(try batch.gathering(days.indices.filter { days[$0] == today }))
      }
    }
  }
}

struct IgnoresOpenWriters: BrokenHotStore {
  static let breaks = "Writers that were open are waited for, and named when they stay."
  let inner: InMemoryHotStore

  func waitForWriters(of dataset: DatasetName, atMost limit: Duration) async throws -> [OpenWriter] { [] }
}

/// A store that does more than it should around a retirement.
protocol BrokenRetire: BrokenHotStore {
  func after(_ outcome: RetireOutcome, of day: Day, _ dataset: DatasetName) async throws
}

extension BrokenRetire {
  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    let outcome = try await inner.retire(
      day, of: dataset, version: version, expecting: expected, step: step)
    try await after(outcome, of: day, dataset)
    return outcome
  }
}

struct RetiresTheNextDayToo: BrokenRetire {
  static let breaks = "A retirement removes exactly the rows it hashed and makes the day cold."
  let inner: InMemoryHotStore

  func after(_ outcome: RetireOutcome, of day: Day, _ dataset: DatasetName) async throws {
    guard case .retired = outcome else { return }
    let rows = try await rows(of: day.next, dataset)
    try await inner.withTransaction { _ = try await $0.delete(rows, from: dataset) }
  }
}

struct RemovesWhatDiffers: BrokenRetire {
  static let breaks = "A retirement of other rows than the version's removes nothing."
  let inner: InMemoryHotStore

  func after(_ outcome: RetireOutcome, of day: Day, _ dataset: DatasetName) async throws {
    guard case .differs = outcome else { return }
    let rows = try await rows(of: day, dataset)
    try await inner.withTransaction { _ = try await $0.delete(rows, from: dataset) }
  }
}

struct RetiresAnything: BrokenHotStore {
  static let breaks = "A retirement of a day that is not both, or of another version, is a `conflict`."
  let inner: InMemoryHotStore

  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    do {
      return try await inner.retire(day, of: dataset, version: version, expecting: expected, step: step)
    } catch let error as TokyoDataError where error.code == .conflict {
      let state = try await inner.coverage(of: dataset).state(of: day)
      // A suspect day is another sentence's.
      guard state != .suspect else { throw error }
      return .retired(rows: 0)
    }
  }
}

final class LosesNewcomers: BrokenHotStore {
  static let breaks = "A row that comes while a day retires stays in hot."
  let inner: InMemoryHotStore
  private let retirements = Mutex(0)

  init(inner: InMemoryHotStore) { self.inner = inner }

  private struct Dropped: Error {}

  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    retirements.withLock { $0 += 1 }
    return try await inner.retire(day, of: dataset, version: version, expecting: expected, step: step)
  }

  /// Drops a transaction during which a retirement began, and says that it committed.
  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    let before = retirements.withLock { $0 }
    var result: Result?
    do {
      try await inner.withTransaction { transaction in
        result = try await body(transaction)
        guard retirements.withLock({ $0 }) == before else { throw Dropped() }
      }
    } catch is Dropped {}
    guard let result else { throw Dropped() }
    return result
  }
}

struct LeavesItsOwnMarks: BrokenHotStore {
  static let breaks = "A retirement leaves no mark behind that it explains."
  let inner: InMemoryHotStore

  func export(_ snapshot: any ExportSnapshot) -> any ExportSnapshot { Export(inner: snapshot) }

  struct Export: ForwardingExport {
    let inner: any ExportSnapshot

    func marks() async throws -> [Mark] {
      let cold = try await inner.coverage().days.values.filter { $0.state == .cold }
      return try await inner.marks() + cold.map { Mark(day: $0.day, transaction: 0) }
    }
  }
}

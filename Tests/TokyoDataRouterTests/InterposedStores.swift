import Synchronization

@testable import TokyoDataRouter

/// A hot store that lets a test act right after a snapshot has ended, and remembers what was asked of it.
final class InterposedHotStore: HotStore {
  struct Log: Sendable {
    var snapshots = 0
    var isOpen = false
    var ranges: [[TimeRange]] = []
    var overlayDays: [[Day]] = []
  }

  let base: any HotStore
  let log = Mutex(Log())
  private let editCoverage: @Sendable (inout Coverage) -> Void
  private let afterSnapshot: @Sendable (Int) async throws -> Void

  init(
    _ base: any HotStore, afterSnapshot: @escaping @Sendable (Int) async throws -> Void = { _ in },
    editCoverage: @escaping @Sendable (inout Coverage) -> Void = { _ in }
  ) {
    self.base = base
    self.editCoverage = editCoverage
    self.afterSnapshot = afterSnapshot
  }

  var name: String { base.name }

  func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    let number = log.withLock { log in
      log.snapshots += 1
      log.isOpen = true
      return log.snapshots
    }
    let result = try await base.withSnapshot(of: datasets) { snapshot in
      try await body(Snapshot(base: snapshot, store: self))
    }
    log.withLock { $0.isOpen = false }
    try await afterSnapshot(number)
    return result
  }

  func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    try await base.withTransaction(body)
  }

  func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID> {
    try await base.condemned(among: versions, of: dataset)
  }

  func ledgerID() async throws -> LedgerID { try await base.ledgerID() }

  struct Snapshot: HotSnapshot {
    let base: any HotSnapshot
    let store: InterposedHotStore

    var asOf: Timestamp { base.asOf }

    func dataset(_ name: DatasetName) async throws -> Dataset { try await base.dataset(name) }

    func coverage(of dataset: DatasetName) async throws -> Coverage {
      var coverage = try await base.coverage(of: dataset)
      store.editCoverage(&coverage)
      return coverage
    }

    func overlayKeys(
      of dataset: DatasetName, days: [Day], limit: Int
    ) async throws -> [Day: ColumnBatch] {
      store.log.withLock { $0.overlayDays.append(days) }
      return try await base.overlayKeys(of: dataset, days: days, limit: limit)
    }

    func read(
      _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
    ) async throws -> ReadStatistics {
      store.log.withLock { $0.ranges.append(ranges) }
      return try await base.read(query, in: ranges, consume)
    }
  }
}

/// A cold store that counts reads, fails them when told to, and may charge.
final class InterposedColdStore: ColdStore {
  let base: any ColdStore
  let charge: Double
  let reads = Mutex<[[VersionID]]>([])
  private let beforeRead: @Sendable () async throws -> Void

  init(
    _ base: any ColdStore, charge: Double = 0, beforeRead: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.base = base
    self.charge = charge
    self.beforeRead = beforeRead
  }

  var name: String { "lake" }

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    reads.withLock { $0.append(versions.map(\.record.id)) }
    try await beforeRead()
    var statistics = try await base.read(query, from: versions, consume)
    statistics.dollars += charge
    return statistics
  }

  func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    ScanEstimate(bytes: base.estimate(query, from: versions).bytes, dollars: charge)
  }
}

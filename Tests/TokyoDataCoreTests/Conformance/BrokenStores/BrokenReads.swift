internal import TokyoDataCore
internal import TokyoDataTesting

struct SeesLaterRows: BrokenHotStore {
  static let breaks = "A snapshot sees what was committed before it and nothing that came later."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot { Snapshot(inner: snapshot, store: inner) }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot
    let store: InMemoryHotStore

    func read(
      _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
    ) async throws -> ReadStatistics {
      try await store.withSnapshot(of: [query.dataset.name]) {
        try await $0.read(query, in: ranges, consume)
      }
    }
  }
}

struct ReadsLedgerLate: BrokenHotStore {
  static let breaks = "Coverage, marks and rows of a snapshot are of one instant."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot { Snapshot(inner: snapshot, store: inner) }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot
    let store: InMemoryHotStore

    func coverage(of dataset: DatasetName) async throws -> Coverage {
      try await store.coverage(of: dataset)
    }
  }
}

struct ReadsRangesTwice: BrokenHotStore {
  static let breaks = "A read gives each row of its ranges once."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot { Snapshot(inner: snapshot) }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot

    /// Reads up to the beginning of the second range once more.
    func read(
      _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
    ) async throws -> ReadStatistics {
      if ranges.count > 1 { _ = try await inner.read(query, in: [ranges[0]], consume) }
      return try await inner.read(query, in: ranges, consume)
    }
  }
}

struct IncludesEndOfRange: BrokenHotStore {
  static let breaks = "A read gives nothing outside its ranges."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot { Snapshot(inner: snapshot) }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot

    func read(
      _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
    ) async throws -> ReadStatistics {
      let wrong = ranges.map { range in
        TimeRange(from: range.from, until: range.until?.adding(microseconds: 1))
      }
      return try await inner.read(query, in: wrong, consume)
    }
  }
}

/// A snapshot whose reads have a fault.
struct FaultySnapshot<Fault: ReadFault>: ForwardingSnapshot {
  let inner: any HotSnapshot
  let fault: Fault

  func read(
    _ query: ResolvedQuery, in ranges: [TimeRange], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    fault.statistics(
      try await inner.read(try fault.query(query), in: ranges) {
        try await consume(try fault.batch($0, of: query))
      })
  }
}

struct TakesUnknownForTrue: BrokenHotStore {
  static let breaks = "A filter keeps only rows for which it is true."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot {
    FaultySnapshot(inner: snapshot, fault: UnknownIsTrue())
  }
}

struct LosesNullGroups: BrokenHotStore {
  static let breaks = "Groups of null keys are kept."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot {
    FaultySnapshot(inner: snapshot, fault: NullGroupsLost())
  }
}

struct WrapsOnOverflow: BrokenHotStore {
  static let breaks = "Sums are exact and fail beyond 38 digits."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot {
    FaultySnapshot(inner: snapshot, fault: Sums64Bit())
  }
}

struct MiscountsRows: BrokenHotStore {
  static let breaks = "The rows that entered the answer are counted."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot {
    FaultySnapshot(inner: snapshot, fault: Miscounted())
  }
}

struct ForgetsOverlayKeys: BrokenHotStore {
  static let breaks =
    "Overlay keys are those of every row that hot holds of the days, whatever the query."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot { Snapshot(inner: snapshot) }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot

    func overlayKeys(
      of dataset: DatasetName, days: [Day], limit: Int
    ) async throws -> [Day: ColumnBatch] {
      let keys = try await inner.overlayKeys(of: dataset, days: days, limit: limit)
      return try keys.mapValues { try $0.gathering(Array(0..<max(0, $0.rowCount - 1))) }
    }
  }
}

struct IgnoresKeyLimit: BrokenHotStore {
  static let breaks = "More overlay keys than the limit are an error."
  let inner: InMemoryHotStore

  func snapshot(_ snapshot: any HotSnapshot) -> any HotSnapshot { Snapshot(inner: snapshot) }

  struct Snapshot: ForwardingSnapshot {
    let inner: any HotSnapshot

    func overlayKeys(
      of dataset: DatasetName, days: [Day], limit: Int
    ) async throws -> [Day: ColumnBatch] {
      try await inner.overlayKeys(of: dataset, days: days, limit: .max)
    }
  }
}

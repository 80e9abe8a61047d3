internal import Synchronization
internal import TokyoDataCore

/// A cold store that breaks one sentence of the contract, and forwards all else to an in-memory store.
protocol BrokenColdStore: ColdStore {
  /// The sentence that it breaks.
  static var breaks: String { get }
  var inner: InMemoryColdStore { get }
  init(inner: InMemoryColdStore)
}

extension BrokenColdStore {
  var name: String { inner.name }

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    try await inner.read(query, from: versions, consume)
  }

  func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    inner.estimate(query, from: versions)
  }
}

struct ReadsVersionsTwice: BrokenColdStore {
  static let breaks = "A read gives each row of its versions once."
  let inner: InMemoryColdStore

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    // Only where nothing is excluded: that is another sentence's.
    let isPlain = versions.allSatisfy { $0.excludedKeys == nil } && versions.count > 1
    return try await inner.read(query, from: isPlain ? versions + versions.prefix(1) : versions, consume)
  }
}

/// Reads what it finds in a day's folder, not what it was told.
final class ReadsByGlobbing: BrokenColdStore {
  static let breaks = "A read gives nothing of versions that it does not name."
  let inner: InMemoryColdStore
  private let seen = Mutex<[PinnedVersion]>([])

  init(inner: InMemoryColdStore) { self.inner = inner }

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let days = Set(versions.map(\.record.day))
    let others = seen.withLock { seen in
      defer { seen += versions }
      return seen.filter { other in
        days.contains(other.record.day) && !versions.contains { $0.record.id == other.record.id }
      }
    }
    // A query for groups, and a row read alone, are other sentences'.
    return try await inner.read(query, from: query.query.isGrouped ? versions : versions + others, consume)
  }
}

final class ReadsAllForNone: BrokenColdStore {
  static let breaks = "A read of no versions gives nothing."
  let inner: InMemoryColdStore

  init(inner: InMemoryColdStore) { self.inner = inner }

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    guard versions.isEmpty else { return try await inner.read(query, from: versions, consume) }
    var builder = ColumnBatchBuilder(query.partialSchema)
    try builder.append(row: query.partialSchema.fields.map { $0.type == .int64 ? 1 : .null })
    try await consume(try builder.finish())
    return ReadStatistics(rows: 1)
  }
}

/// Compares times as Athena keeps them.
struct ComparesMilliseconds: BrokenColdStore {
  static let breaks = "The query's time range holds to the microsecond."
  let inner: InMemoryColdStore

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    var wrong = query.query
    wrong.timeRange = TimeRange(
      from: query.query.timeRange.from.map(Self.truncated), until: query.query.timeRange.until)
    return try await inner.read(ResolvedQuery(wrong, for: query.dataset), from: versions, consume)
  }

  private static func truncated(_ instant: Timestamp) -> Timestamp {
    Timestamp(microsecondsSince1970: instant.microsecondsSince1970 / 1_000 * 1_000)
  }
}

struct CountsOverlayTwice: BrokenColdStore {
  static let breaks = "Rows whose keys are excluded are left out of their day only."
  let inner: InMemoryColdStore

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    try await inner.read(query, from: versions.map { PinnedVersion($0.record) }, consume)
  }
}

struct ExcludesKeysFromEveryDay: BrokenColdStore {
  static let breaks = "Rows whose keys are excluded are left out of their day only."
  let inner: InMemoryColdStore

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let keys = versions.compactMap(\.excludedKeys).first
    return try await inner.read(
      query, from: versions.map { PinnedVersion($0.record, excludedKeys: keys) }, consume)
  }
}

/// A store whose reads have a fault.
protocol FaultyReads: BrokenColdStore {
  associatedtype Fault: ReadFault
  var fault: Fault { get }
}

extension FaultyReads {
  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    fault.statistics(
      try await inner.read(try fault.query(query), from: versions) {
        try await consume(try fault.batch($0, of: query))
      })
  }
}

struct TakesUnknownForTrueInCold: FaultyReads {
  static let breaks = "A filter keeps only rows for which it is true."
  let inner: InMemoryColdStore
  var fault: UnknownIsTrue { UnknownIsTrue() }
}

struct LosesNullGroupsInCold: FaultyReads {
  static let breaks = "Groups of null keys are kept."
  let inner: InMemoryColdStore
  /// The nulls of a younger column are another sentence's.
  var fault: TaggedNullGroupsLost { TaggedNullGroupsLost() }

  struct TaggedNullGroupsLost: ReadFault {
    func batch(_ batch: ColumnBatch, of query: ResolvedQuery) throws -> ColumnBatch {
      guard query.query.groupings.first == .column("tag") else { return batch }
      return try NullGroupsLost().batch(batch, of: query)
    }
  }
}

struct WrapsOnOverflowInCold: FaultyReads {
  static let breaks = "Sums are exact and fail beyond 38 digits."
  let inner: InMemoryColdStore
  var fault: Sums64Bit { Sums64Bit() }
}

struct MiscountsRowsInCold: FaultyReads {
  static let breaks = "The rows that entered the answer are counted."
  let inner: InMemoryColdStore
  var fault: Miscounted { Miscounted() }
}

struct SkipsOlderSchemas: BrokenColdStore {
  static let breaks = "A column younger than a version reads as null."
  let inner: InMemoryColdStore

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let known = versions.filter { $0.record.schemaFingerprint == query.dataset.schemaFingerprint }
    return try await inner.read(query, from: known, consume)
  }
}

struct TakesMissingForEmpty: BrokenColdStore {
  static let breaks = "A missing version is an error that names its day, never zero rows."
  let inner: InMemoryColdStore

  func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    do { return try await inner.read(query, from: versions, consume) } catch let error as TokyoDataError
      where error.code == .notFound
    { return ReadStatistics() }
  }
}

struct EstimatesNothing: BrokenColdStore {
  static let breaks =
    "An estimate is at least what the columns of the query take in the surviving versions."
  let inner: InMemoryColdStore

  func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    ScanEstimate(bytes: 0)
  }
}

internal import Synchronization
internal import TokyoDataCore
internal import TokyoDataTesting

struct MisreadsDefinition: BrokenHotStore {
  static let breaks = "An installed dataset reads back as it was defined."
  let inner: InMemoryHotStore

  func dataset(_ name: DatasetName) async throws -> Dataset {
    let dataset = try await inner.dataset(name)
    return try Dataset(
      name, schema: dataset.schema, primaryKey: dataset.primaryKey, timeColumn: dataset.timeColumn)
  }
}

struct ForgetsOnInstall: BrokenHotStore {
  static let breaks = "Installing the same definition again changes nothing."
  let inner: InMemoryHotStore

  func install(_ dataset: Dataset) async throws {
    let isAgain = try await inner.datasets().contains(dataset.name)
    try await inner.install(dataset)
    if isAgain { try await inner.withRun(of: dataset.name, .export) { try await $0.publish([]) } }
  }
}

struct KnowsEveryDataset: BrokenHotStore {
  static let breaks = "An unknown dataset is an `unknownDataset` error."
  let inner: InMemoryHotStore

  func coverage(of dataset: DatasetName) async throws -> Coverage {
    do { return try await inner.coverage(of: dataset) } catch { return Coverage(epoch: 0) }
  }
}

struct TakesEmptyLedgerForPublished: BrokenHotStore {
  static let breaks = "A day that was never published is hot."
  let inner: InMemoryHotStore

  func coverage(of dataset: DatasetName) async throws -> Coverage {
    var coverage = try await inner.coverage(of: dataset)
    guard try await inner.versions(of: dataset).isEmpty else { return coverage }
    for day in try await inner.withExportSnapshot(of: dataset, { try await $0.finishedDays() }).keys {
      coverage.days[day] = DayCoverage(day: day, state: .both, version: nil)
    }
    return coverage
  }
}

/// A store whose runs publish otherwise.
protocol BrokenPublish: BrokenHotStore {
  func publish(_ days: [DayPublication], _ inner: any LedgerRun) async throws
}

extension BrokenPublish {
  func run(_ inner: any LedgerRun) -> any LedgerRun { BrokenPublishRun(store: self, inner: inner) }
}

struct BrokenPublishRun<Store: BrokenPublish>: ForwardingRun {
  let store: Store
  let inner: any LedgerRun

  func publish(_ days: [DayPublication]) async throws { try await store.publish(days, inner) }
}

struct PublishesHalf: BrokenPublish {
  static let breaks = "A publish makes its versions current and its days both, together."
  let inner: InMemoryHotStore

  func publish(_ days: [DayPublication], _ run: any LedgerRun) async throws {
    let coverage = try await inner.coverage(of: run.dataset.name)
    let holds = days.allSatisfy { (coverage.days[$0.day]?.version) == $0.base.version }
    try await run.publish(holds ? Array(days.prefix(1)) : days)
  }
}

struct PublishesDayByDay: BrokenPublish {
  static let breaks =
    "A publish whose base is no longer so is a `conflict` and changes nothing, not even its other days."
  let inner: InMemoryHotStore

  func publish(_ days: [DayPublication], _ run: any LedgerRun) async throws {
    for day in days { try await run.publish([day]) }
  }
}

struct DeletesAllMarks: BrokenPublish {
  static let breaks = "A publish deletes the marks it names and keeps those that came later."
  let inner: InMemoryHotStore

  func publish(_ days: [DayPublication], _ run: any LedgerRun) async throws {
    let marks = try await inner.withExportSnapshot(of: run.dataset.name) { try await $0.marks() }
    try await run.publish(
      days.map { day in
        var wrong = day
        wrong.marks = marks.filter { $0.day == day.day }
        return wrong
      })
  }
}

struct SkipsUnchangedDays: BrokenPublish {
  static let breaks = "A publish without version keeps the day's version and deletes its marks."
  let inner: InMemoryHotStore

  func publish(_ days: [DayPublication], _ run: any LedgerRun) async throws {
    try await run.publish(days.filter { $0.version != nil })
  }
}

struct KeepsEpoch: BrokenHotStore {
  static let breaks = "Every publish changes the epoch."
  let inner: InMemoryHotStore

  func coverage(of dataset: DatasetName) async throws -> Coverage {
    var coverage = try await inner.coverage(of: dataset)
    // Retirements are left alone: another sentence asks that they change it.
    if !coverage.days.values.contains(where: { $0.state == .cold }) { coverage.epoch = 1 }
    return coverage
  }
}

struct ForgetsSince: BrokenHotStore {
  static let breaks = "The version that a publish replaces is unused from then on."
  let inner: InMemoryHotStore

  func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try await inner.versions(of: dataset).map { version in
      var wrong = version
      wrong.unusedSince = nil
      return wrong
    }
  }
}

struct PublishesCondemned: BrokenPublish {
  static let breaks = "A condemned version cannot be published."
  let inner: InMemoryHotStore

  /// Says that it published.
  func publish(_ days: [DayPublication], _ run: any LedgerRun) async throws {
    let versions = try await inner.versions(of: run.dataset.name)
    let condemned = Set(versions.filter { $0.state == .condemned }.map(\.id))
    try await run.publish(days.filter { !($0.version.map { condemned.contains($0.id) } ?? false) })
  }
}

/// A store whose runs condemn otherwise.
protocol BrokenCondemn: BrokenHotStore {
  func condemn(grace: Duration, _ inner: any LedgerRun) async throws -> [VersionRecord]
}

extension BrokenCondemn {
  func run(_ inner: any LedgerRun) -> any LedgerRun { BrokenCondemnRun(store: self, inner: inner) }
}

struct BrokenCondemnRun<Store: BrokenCondemn>: ForwardingRun {
  let store: Store
  let inner: any LedgerRun

  func condemn(grace: Duration) async throws -> [VersionRecord] {
    try await store.condemn(grace: grace, inner)
  }
}

struct CondemnsCurrent: BrokenCondemn {
  static let breaks = "A current version is never condemned."
  let inner: InMemoryHotStore

  func condemn(grace: Duration, _ run: any LedgerRun) async throws -> [VersionRecord] {
    let current = try await inner.versions(of: run.dataset.name).filter { $0.state == .current }
    return try await run.condemn(grace: grace) + current
  }
}

struct IgnoresGrace: BrokenCondemn {
  static let breaks = "Versions are condemned only after the grace."
  let inner: InMemoryHotStore

  func condemn(grace: Duration, _ run: any LedgerRun) async throws -> [VersionRecord] {
    try await run.condemn(grace: .zero)
  }
}

struct CondemnsItsOwn: BrokenHotStore {
  static let breaks = "A run spares the versions that it recorded itself."
  let inner: InMemoryHotStore

  func run(_ run: any LedgerRun) -> any LedgerRun { Run(inner: run) }

  final class Run: ForwardingRun {
    let inner: any LedgerRun
    private let own = Mutex<[VersionRecord]>([])

    init(inner: any LedgerRun) { self.inner = inner }

    func record(_ version: VersionRecord) async throws {
      try await inner.record(version)
      own.withLock { $0.append(version) }
    }

    func condemn(grace: Duration) async throws -> [VersionRecord] {
      try await inner.condemn(grace: grace) + own.withLock { $0 }
    }
  }
}

struct GivesCollected: BrokenCondemn {
  static let breaks = "A condemned version is given until it is noted as collected."
  let inner: InMemoryHotStore

  func condemn(grace: Duration, _ run: any LedgerRun) async throws -> [VersionRecord] {
    _ = try await run.condemn(grace: grace)
    return try await inner.versions(of: run.dataset.name).filter { $0.state == .condemned }
  }
}

struct ForgetsVerification: BrokenHotStore {
  static let breaks = "A verification is noted with its instant."
  let inner: InMemoryHotStore

  func run(_ run: any LedgerRun) -> any LedgerRun { Run(inner: run) }

  struct Run: ForwardingRun {
    let inner: any LedgerRun

    func noteVerified(_ version: VersionID, at instant: Timestamp) async throws {}
  }
}

struct PublishesSuspects: BrokenPublish {
  static let breaks = "A suspect day is neither published nor retired."
  let inner: InMemoryHotStore

  /// Says that it published.
  func publish(_ days: [DayPublication], _ run: any LedgerRun) async throws {
    let coverage = try await inner.coverage(of: run.dataset.name)
    try await run.publish(days.filter { coverage.state(of: $0.day) != .suspect })
  }
}

struct ResolvesToTheOtherSide: BrokenHotStore {
  static let breaks =
    "A resolved day is hot without version, or cold with its own, as the side was kept."
  let inner: InMemoryHotStore

  func run(_ run: any LedgerRun) -> any LedgerRun { Run(inner: run) }

  struct Run: ForwardingRun {
    let inner: any LedgerRun

    func resolve(_ day: Day, keeping side: SuspectResolution) async throws {
      try await inner.resolve(day, keeping: side == .hot ? .copy : .hot)
    }
  }
}

final class LetsRunsOverlap: BrokenHotStore {
  static let breaks = "Two runs of one dataset exclude each other."
  let inner: InMemoryHotStore
  private let running = Mutex<(any LedgerRun)?>(nil)

  init(inner: InMemoryHotStore) { self.inner = inner }

  func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result {
    if let other = running.withLock({ $0 }) { return try await body(other) }
    defer { running.withLock { $0 = nil } }
    return try await inner.withRun(of: dataset, kind) { run in
      running.withLock { $0 = run }
      return try await body(run)
    }
  }
}

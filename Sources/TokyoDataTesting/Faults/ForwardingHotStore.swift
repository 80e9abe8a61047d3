/// A hot store that passes everything on to another; a test says only what differs.
public protocol ForwardingHotStore: CompleteHotStore {
  /// The store below.
  associatedtype Inner: CompleteHotStore
  /// The store below.
  var inner: Inner { get }
}

extension ForwardingHotStore {
  /// The name of the store below.
  public var name: String { inner.name }

  /// Passes the call on.
  public func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result { try await inner.withSnapshot(of: datasets, body) }

  /// Passes the call on.
  public func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result { try await inner.withTransaction(body) }

  /// Passes the call on.
  public func condemned(
    among versions: [VersionID], of dataset: DatasetName
  ) async throws -> Set<VersionID> {
    try await inner.condemned(among: versions, of: dataset)
  }

  /// Passes the call on.
  public func ledgerID() async throws -> LedgerID { try await inner.ledgerID() }
}

extension ForwardingHotStore {
  /// Passes the call on.
  public func install(_ dataset: Dataset) async throws { try await inner.install(dataset) }

  /// Passes the call on.
  public func datasets() async throws -> [DatasetName] { try await inner.datasets() }

  /// Passes the call on.
  public func dataset(_ name: DatasetName) async throws -> Dataset { try await inner.dataset(name) }

  /// Passes the call on.
  public func coverage(of dataset: DatasetName) async throws -> Coverage {
    try await inner.coverage(of: dataset)
  }

  /// Passes the call on.
  public func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try await inner.versions(of: dataset)
  }

  /// Passes the call on.
  public func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result { try await inner.withRun(of: dataset, kind, body) }
}

extension ForwardingHotStore {
  /// Passes the call on.
  public func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result { try await inner.withExportSnapshot(of: dataset, body) }

  /// Passes the call on.
  public func waitForWriters(
    of dataset: DatasetName, atMost limit: Duration
  ) async throws -> [OpenWriter] {
    try await inner.waitForWriters(of: dataset, atMost: limit)
  }

  /// Passes the call on.
  public func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    try await inner.retire(day, of: dataset, version: version, expecting: expected, step: step)
  }

  /// Passes the call on.
  public func retirablePartitions(
    of dataset: DatasetName, before limit: Day
  ) async throws -> RetirablePartitions {
    try await inner.retirablePartitions(of: dataset, before: limit)
  }

  /// Passes the call on.
  public func retire(
    _ partition: RetirablePartition, of dataset: DatasetName, versions: [VersionRecord],
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> PartitionRetireOutcome {
    try await inner.retire(partition, of: dataset, versions: versions, step: step)
  }
}

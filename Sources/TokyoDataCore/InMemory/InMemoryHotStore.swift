internal import Synchronization

/// A hot store in this process: transactions, snapshots and the ledger, exact and without a server.
///
/// For tests, laptops and examples; what it holds ends with it. Snapshots are immutable copies, so readers and
/// writers never wait for each other. Transactions are optimistic: each write is checked when it is made and
/// again at the commit, which is atomic and throws `conflict` where another commit took a key in between.
public final class InMemoryHotStore: HotStore {
  static let shortName = "memory"

  /// `memory`.
  public let name = InMemoryHotStore.shortName
  let now: @Sendable () -> Timestamp
  let clock: any Clock<Duration>
  private let id = LedgerID.random()
  private let state = Mutex(HotState())

  /// Makes an empty store.
  ///
  /// - Parameters:
  ///   - now: the store's calendar, the machine's unless said otherwise; days before its date are finished.
  ///   - clock: how long a wait for writers is.
  public init(
    now: @escaping @Sendable () -> Timestamp, clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.now = now
    self.clock = clock
  }

  /// Makes an empty store on the machine's clock.
  public convenience init() {
    self.init(now: Timestamp.systemNow)
  }

  /// Runs `body` on copies of the datasets, all of one instant.
  public func withSnapshot<Result>(
    of datasets: [DatasetName], _ body: (any HotSnapshot) async throws -> Result
  ) async throws -> Result {
    try await body(try snapshot(of: datasets))
  }

  /// Runs `body` in one transaction and commits it; after an error in a write it does not commit.
  public func withTransaction<Result>(
    _ body: (any HotTransaction) async throws -> Result
  ) async throws -> Result {
    let transaction = InMemoryHotTransaction(
      of: self,
      number: withState { state in
        state.lastTransaction += 1
        return state.lastTransaction
      })
    defer { transaction.end() }
    let result = try await body(transaction)
    try transaction.commit()
    return result
  }

  /// The ledger's id, made with the store.
  public func ledgerID() async -> LedgerID { id }

  /// Those of the versions that are condemned or unknown now.
  public func condemned(among versions: [VersionID], of dataset: DatasetName) async throws -> Set<VersionID> {
    try withTable(dataset) { table in
      Set(versions.filter { (table.view.versions[$0]?.state ?? .condemned) == .condemned })
    }
  }
}

extension InMemoryHotStore {
  /// The rows and ledgers of some datasets at one instant.
  private func snapshot(of datasets: [DatasetName]) throws(TokyoDataError) -> InMemoryHotSnapshot {
    try withState { (state) throws(TokyoDataError) in
      var views: [DatasetName: HotView] = [:]
      for dataset in datasets {
        guard let table = state.tables[dataset] else { throw Self.unknown(dataset) }
        views[dataset] = table.view
      }
      return InMemoryHotSnapshot(asOf: now(), views: views)
    }
  }

  func withState<Result: Sendable, Failure: Error>(
    _ body: (inout HotState) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try state.withLock { (state) throws(Failure) in try body(&state) }
  }

  /// Lends a dataset's table, in place, under the lock.
  ///
  /// - Throws: `TokyoDataError.unknownDataset`, or what `body` throws.
  func withTable<Result: Sendable>(
    _ name: DatasetName, _ body: (inout HotTable) throws -> Result
  ) throws -> Result {
    try withState { state in
      guard let index = state.tables.index(forKey: name) else { throw Self.unknown(name) }
      return try body(&state.tables.values[index])
    }
  }

  static func unknown(_ dataset: DatasetName) -> TokyoDataError {
    TokyoDataError(
      .unknownDataset, "no dataset of this name is installed",
      context: .init(store: shortName, dataset: dataset))
  }
}

/// What the store's lock guards.
struct HotState: Sendable {
  var tables: [DatasetName: HotTable] = [:]
  var lastTransaction: UInt64 = 0
  var lastRun: Int64 = 0
  var writers = OpenWriters()
}

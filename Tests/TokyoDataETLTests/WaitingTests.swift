import Synchronization
import Testing
import TokyoDataETL
import TokyoDataTesting

@Suite("Waiting for writers")
struct WaitingTests {
  @Test("an export of days that only changed waits for nobody")
  func changedDays() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...2))
      _ = try await shop.etl.export(shop.dataset.name)
      try await shop.sell([Shop.Sale(id: 299, cents: 5, day: Shop.today.advanced(by: -2))])
      let store = HeldUpStore(shop.hot)
      let report = try await ETL(from: store, to: shop.lake).export(shop.dataset.name)
      #expect(report.days.map(\.outcome) == [.exported])
      #expect(store.patience == [.zero])
    }
  }

  @Test("a first export waits for writers once, then puts its days off and names them")
  func firstExport() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...2))
      let store = HeldUpStore(shop.hot)
      let etl = ETL(from: store, to: shop.lake, options: ETLOptions(writerWait: .seconds(20)))
      let report = try await etl.export(shop.dataset.name)
      #expect(report.days.map(\.outcome) == Array(repeating: .putOff(openWriters: [7]), count: 2))
      #expect(store.patience == [.zero, .seconds(20)])
    }
  }

  @Test("a first export goes on once the writers have ended")
  func endedWriters() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...2))
      let store = HeldUpStore(shop.hot, endsWhenWaitedFor: true)
      let report = try await ETL(from: store, to: shop.lake).export(shop.dataset.name)
      #expect(report.days.map(\.outcome) == [.exported, .exported])
      #expect(store.patience == [.zero, .seconds(30)])
    }
  }
}

/// A store with a writer that never ends, or only when it is waited for; it notes how long it is waited for.
private final class HeldUpStore: Ledger, ExportSource {
  private let inner: InMemoryHotStore
  private let endsWhenWaitedFor: Bool
  private let waits = Mutex<[Duration]>([])

  var patience: [Duration] { waits.withLock { $0 } }

  init(_ inner: InMemoryHotStore, endsWhenWaitedFor: Bool = false) {
    self.inner = inner
    self.endsWhenWaitedFor = endsWhenWaitedFor
  }

  func waitForWriters(of dataset: DatasetName, atMost limit: Duration) async throws -> [OpenWriter] {
    waits.withLock { $0.append(limit) }
    return endsWhenWaitedFor && limit > .zero ? [] : [OpenWriter(processID: 7)]
  }

  func withExportSnapshot<Result>(
    of dataset: DatasetName, _ body: (any ExportSnapshot) async throws -> Result
  ) async throws -> Result { try await inner.withExportSnapshot(of: dataset, body) }

  func retire(
    _ day: Day, of dataset: DatasetName, version: VersionID, expecting expected: RowHash,
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> RetireOutcome {
    try await inner.retire(day, of: dataset, version: version, expecting: expected, step: step)
  }

  func install(_ dataset: Dataset) async throws { try await inner.install(dataset) }

  func datasets() async throws -> [DatasetName] { try await inner.datasets() }

  func dataset(_ name: DatasetName) async throws -> Dataset { try await inner.dataset(name) }

  func coverage(of dataset: DatasetName) async throws -> Coverage { try await inner.coverage(of: dataset) }

  func versions(of dataset: DatasetName) async throws -> [VersionRecord] {
    try await inner.versions(of: dataset)
  }

  func withRun<Result>(
    of dataset: DatasetName, _ kind: RunKind, _ body: (any LedgerRun) async throws -> Result
  ) async throws -> Result { try await inner.withRun(of: dataset, kind, body) }
}

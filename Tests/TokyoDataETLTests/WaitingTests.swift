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
private final class HeldUpStore: ForwardingHotStore {
  let inner: InMemoryHotStore
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
}

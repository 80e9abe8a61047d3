import Synchronization
import Testing
import TokyoDataETL
import TokyoDataLake
import TokyoDataTesting

@Suite("Retire by partitions")
struct PartitionTests {
  private static func day(_ ago: Int) -> Day { Shop.today.advanced(by: -ago) }

  private static func partition(_ first: Int, _ last: Int) -> RetirablePartition {
    RetirablePartition(name: "days \(first) to \(last) ago", days: day(first)...day(last))
  }

  /// Sales from nine days ago on, exported, in a store that has partitions of the days before the window.
  private static func open(
    sold daysAgo: ClosedRange<Int> = 1...9, outcomes: [PartitionRetireOutcome] = [],
    _ body: (Shop, PartitionedStore, ETL) async throws -> Void
  ) async throws {
    try await Shop.open(hotDays: 3) { shop in
      try await shop.sell(Shop.sales(daysAgo: daysAgo, each: 1))
      _ = try await shop.etl.export(shop.dataset.name)
      let store = PartitionedStore(
        shop.hot, [partition(8, 7), partition(6, 5), partition(4, 4)], outcomes: outcomes)
      try await body(shop, store, ETL(from: store, to: shop.lake))
    }
  }

  private static func told(_ report: RetireReport) -> [String] {
    report.days.map { "\(Shop.today.distance(to: $0.day)) \($0.outcome) \($0.way?.word ?? "-")" }
  }

  @Test("a dry run says which way each day would go, oldest first")
  func dryRun() async throws {
    try await Self.open { shop, store, etl in
      let report = try await etl.retire(shop.dataset.name, dryRun: true)
      #expect(
        Self.told(report) == [
          "-9 planned delete", "-8 planned detach", "-7 planned detach", "-6 planned detach",
          "-5 planned detach", "-4 planned detach",
        ])
      #expect(report.days[1].way == .detach("days 8 to 7 ago"))
      #expect(store.asked.isEmpty)
      let plain = try await shop.etl.retire(shop.dataset.name, dryRun: true)
      #expect(plain.days.allSatisfy { $0.way == .delete })
    }
  }

  @Test("whole partitions go with the versions of their days, other days one by one")
  func whole() async throws {
    try await Self.open(outcomes: [.retired, .retired, .retired]) { shop, store, etl in
      let versions = try await shop.versions()
      let report = try await etl.retire(shop.dataset.name)
      #expect(report.days.map(\.outcome) == Array(repeating: .retired, count: 6))
      #expect(report.days.map(\.way?.word) == ["delete"] + Array(repeating: "detach", count: 5))
      #expect(report.days.map(\.rows) == Array(repeating: 1, count: 6))
      #expect(store.asked.map(\.count) == [2, 2, 1])
      #expect(store.asked.flatMap { $0 } == Array(versions.compactMap { $0 }[1...5]))
    }
  }

  @Test("an empty partition goes with no version")
  func empty() async throws {
    try await Self.open(sold: 1...4, outcomes: [.retired, .retired, .retired]) { shop, store, etl in
      let report = try await etl.retire(shop.dataset.name)
      #expect(Self.told(report) == ["-4 retired detach"])
      #expect(store.asked.map(\.count) == [0, 0, 1])
    }
  }

  @Test("a partition with a day that changed goes day by day, and so do those after it")
  func changedBefore() async throws {
    try await Self.open(outcomes: [.retired]) { shop, store, etl in
      try await shop.sell([Shop.Sale(id: 699, cents: 1, day: Self.day(6))])
      let report = try await etl.retire(shop.dataset.name)
      #expect(
        Self.told(report) == [
          "-9 retired delete", "-8 retired detach", "-7 retired detach", "-6 changed delete",
          "-5 retired delete", "-4 retired delete",
        ])
      #expect(store.asked.count == 1)
    }
  }

  @Test("a mark that comes between makes the days go one by one")
  func changedBetween() async throws {
    try await Self.open(outcomes: [.marked([Self.day(7)])]) { shop, store, etl in
      let report = try await etl.retire(shop.dataset.name)
      #expect(report.days.map(\.way) == Array(repeating: .delete, count: 6))
      #expect(report.isComplete)
      #expect(store.asked.count == 1)
    }
  }

  @Test("a partition that differs makes its days suspect, and no other follows")
  func differs() async throws {
    try await Self.open(outcomes: [.differs([Self.day(7)])]) { shop, store, etl in
      let report = try await etl.retire(shop.dataset.name)
      #expect(
        Self.told(report) == [
          "-9 retired delete", "-8 retired detach", "-7 suspect detach", "-6 retired delete",
          "-5 retired delete", "-4 retired delete",
        ])
      #expect(!report.isComplete)
      #expect(store.asked.count == 1)
    }
  }

  @Test("a copy with one changed byte keeps its partition")
  func changedByte() async throws {
    try await Self.open(outcomes: [.retired, .retired, .retired]) { shop, store, etl in
      // The oldest day has none, and comes first.
      _ = try await etl.retire(shop.dataset.name, before: Self.day(8))
      try shop.flipByteOfFile(of: Self.day(7))
      await #expect(throws: TokyoDataError.self) { try await etl.retire(shop.dataset.name) }
      #expect(store.asked.isEmpty)
    }
  }

  @Test("the reason why no partition goes is told")
  func obstacle() async throws {
    try await Self.open { shop, store, _ in
      let etl = ETL(from: PartitionedStore(shop.hot, [], obstacle: "not partitioned"), to: shop.lake)
      for dryRun in [true, false] {
        let report = try await etl.retire(shop.dataset.name, dryRun: dryRun)
        #expect(report.partitionObstacle == "not partitioned")
      }
    }
  }
}

/// A store that says it has partitions, and whose retirements of them end as they are told to.
private final class PartitionedStore: ForwardingHotStore {
  let inner: InMemoryHotStore
  private let partitions: [RetirablePartition]
  private let obstacle: String?
  private let outcomes: Mutex<[PartitionRetireOutcome]>
  private let versions = Mutex<[[VersionID]]>([])

  /// The versions that came with each partition that was to retire.
  var asked: [[VersionID]] { versions.withLock { $0 } }

  init(
    _ inner: InMemoryHotStore, _ partitions: [RetirablePartition], obstacle: String? = nil,
    outcomes: [PartitionRetireOutcome] = []
  ) {
    self.inner = inner
    self.partitions = partitions
    self.obstacle = obstacle
    self.outcomes = Mutex(outcomes)
  }

  func retirablePartitions(of dataset: DatasetName, before limit: Day) async throws -> RetirablePartitions {
    RetirablePartitions(partitions: partitions.filter { $0.days.upperBound < limit }, obstacle: obstacle)
  }

  func retire(
    _ partition: RetirablePartition, of dataset: DatasetName, versions: [VersionRecord],
    step: @escaping @Sendable (RetireStep) -> Void
  ) async throws -> PartitionRetireOutcome {
    self.versions.withLock { $0.append(versions.map(\.id)) }
    return try #require(outcomes.withLock { $0.isEmpty ? nil : $0.removeFirst() })
  }
}

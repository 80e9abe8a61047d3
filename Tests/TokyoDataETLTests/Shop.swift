import Foundation
import TokyoDataETL
import TokyoDataLake
import TokyoDataRouter
import TokyoDataTesting

/// A shop with one table of sales, a hot store whose clock the test moves, and a lake in a folder.
struct Shop {
  static let today = Day(year: 2026, month: 3, day: 10) ?? Day(daysSince1970: 0)

  let clock: ManualClock
  let hot: InMemoryHotStore
  let lake: Lake
  let folder: String
  let dataset: Dataset

  var etl: ETL { ETL(from: hot, to: lake) }
  var router: Router { Router(hot: hot, cold: LakeColdStore(lake)) }

  /// Opens a shop whose clock stands at noon unless said otherwise, lends it, and removes its folder.
  static func open(
    hotDays: Int = 3, afterMidnight: Duration = .seconds(43_200), _ body: (Shop) async throws -> Void
  ) async throws {
    let shop = try await Shop(hotDays: hotDays, afterMidnight: afterMidnight)
    defer { try? FileManager.default.removeItem(atPath: shop.folder) }
    try await body(shop)
  }

  private init(hotDays: Int, afterMidnight: Duration) async throws {
    let clock = ManualClock(Self.today.start)
    clock.advance(by: afterMidnight)
    self.clock = clock
    hot = InMemoryHotStore(now: { clock.now.timestamp })
    folder = NSTemporaryDirectory() + "tokyo-etl-\(UUID().uuidString)"
    lake = try Lake.local(folder: folder, isDurable: false)
    dataset = try Dataset(
      DatasetName("sales"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false),
        ColumnField("amount", .decimal(precision: 12, scale: 2)),
        ColumnField("sold_at", .timestamp, isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: "sold_at", policy: DatasetPolicy(hotDays: hotDays))
    try await hot.install(dataset)
  }

  /// One sale of a day.
  struct Sale {
    var id: Int64
    var cents: Int
    var day: Day
  }

  /// `count` sales on each of the days before today, ids 100 × days ago + number.
  static func sales(daysAgo: ClosedRange<Int>, each count: Int = 3) -> [Sale] {
    daysAgo.flatMap { ago in
      (0..<count).map {
        Sale(id: Int64(100 * ago + $0), cents: 100 * ago + $0, day: today.advanced(by: -ago))
      }
    }
  }

  func batch(_ sales: [Sale]) throws -> ColumnBatch {
    var rows = ColumnBatchBuilder(dataset.schema)
    for sale in sales {
      try rows.append(row: [
        .int(sale.id), .decimal(Decimal128(unscaled: Int128(sale.cents), scale: 2)),
        .timestamp(sale.day.start.adding(microseconds: sale.id)),
      ])
    }
    return try rows.finish()
  }

  func sell(_ sales: [Sale]) async throws {
    let rows = try batch(sales)
    try await hot.withTransaction { try await $0.upsert(rows, into: dataset.name) }
  }

  /// How many sales there are, and what they add up to, asked of both tiers.
  func total() async throws -> [ColumnValue] {
    try await router.fetch(Query(dataset.name).select(.count, .sum("amount"))).batch.row(0)
  }

  func states() async throws -> [DayState] { try await etl.status(dataset.name).map(\.state) }

  func versions() async throws -> [VersionID?] { try await etl.status(dataset.name).map(\.version) }
}

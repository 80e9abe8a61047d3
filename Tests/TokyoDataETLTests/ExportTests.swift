import Testing
import TokyoDataETL
import TokyoDataLake
import TokyoDataTesting

@Suite("Export")
struct ExportTests {
  @Test("finished days become both, today stays hot")
  func finishedDays() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 0...4))
      let before = try await shop.total()
      let report = try await shop.etl.export(shop.dataset.name)
      #expect(report.days.map(\.outcome) == Array(repeating: .exported, count: 4))
      #expect(report.rows == 12)
      #expect(try await shop.states() == [.both, .both, .both, .both])
      #expect(try await shop.total() == before)
    }
  }

  @Test("a day is first exported an hour after its end")
  func settling() async throws {
    try await Shop.open(afterMidnight: .seconds(3_599)) { shop in
      try await shop.sell(Shop.sales(daysAgo: 0...1))
      #expect(try await shop.etl.export(shop.dataset.name).days.map(\.outcome) == [.settling])
      shop.clock.advance(by: .seconds(1))
      #expect(try await shop.etl.export(shop.dataset.name).days.map(\.outcome) == [.exported])
    }
  }

  @Test("a second export of unchanged days publishes nothing", arguments: [ExportMode.incremental, .full])
  func again(mode: ExportMode) async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...3))
      _ = try await shop.etl.export(shop.dataset.name)
      let versions = try await shop.versions()
      let report = try await shop.etl.export(shop.dataset.name, mode)
      #expect(report.days.allSatisfy { $0.outcome == .unchanged })
      #expect(try await shop.versions() == versions)
    }
  }

  @Test("a changed day is exported anew and its marks go, the others keep their versions")
  func marked() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...3))
      _ = try await shop.etl.export(shop.dataset.name)
      let versions = try await shop.versions()
      try await shop.sell([Shop.Sale(id: 299, cents: 5, day: Shop.today.advanced(by: -2))])
      #expect(try await shop.etl.status(shop.dataset.name).map(\.marked) == [false, true, false])
      let report = try await shop.etl.export(shop.dataset.name)
      #expect(report.days.map(\.day) == [Shop.today.advanced(by: -2)])
      #expect(report.days.map(\.rows) == [4])
      let later = try await shop.versions()
      #expect(later[0] == versions[0] && later[1] != versions[1] && later[2] == versions[2])
      #expect(try await shop.etl.status(shop.dataset.name).allSatisfy { !$0.marked })
    }
  }

  @Test("a mark on rows that did not change goes without a new version")
  func markedButEqual() async throws {
    try await Shop.open { shop in
      let sales = Shop.sales(daysAgo: 1...2)
      try await shop.sell(sales)
      _ = try await shop.etl.export(shop.dataset.name)
      let versions = try await shop.versions()
      try await shop.sell(sales)
      let report = try await shop.etl.export(shop.dataset.name)
      #expect(report.days.map(\.outcome) == [.unchanged, .unchanged])
      #expect(try await shop.versions() == versions)
      #expect(try await shop.etl.status(shop.dataset.name).allSatisfy { !$0.marked })
    }
  }

  @Test("a range takes its days only")
  func range() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...5))
      let days = Shop.today.advanced(by: -4)...Shop.today.advanced(by: -3)
      let report = try await shop.etl.export(shop.dataset.name, .range(days))
      #expect(report.days.map(\.day) == Array(days))
    }
  }

  @Test("a dry run says what would be exported and writes nothing")
  func dryRun() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...3))
      let report = try await shop.etl.export(shop.dataset.name, dryRun: true)
      #expect(report.days.map(\.outcome) == [.planned, .planned, .planned])
      #expect(try await shop.hot.versions(of: shop.dataset.name).isEmpty)
      #expect(try await shop.states() == [.hot, .hot, .hot])
    }
  }

  @Test("a both day that became empty without a mark of a writer is suspect, with one an empty version")
  func emptied() async throws {
    try await Shop.open { shop in
      let sales = Shop.sales(daysAgo: 1...2)
      try await shop.sell(sales)
      _ = try await shop.etl.export(shop.dataset.name)
      let gone = try shop.batch(sales.filter { $0.day == Shop.today.advanced(by: -2) })
      _ = try await shop.hot.withTransaction { try await $0.delete(gone, from: shop.dataset.name) }
      let report = try await shop.etl.export(shop.dataset.name)
      #expect(report.days.map(\.outcome) == [.exported])
      #expect(report.days.map(\.rows) == [0])
      #expect(try await shop.total()[0] == .int(3))
    }
  }

  @Test("groups of days are published one after the other")
  func groups() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...7))
      let etl = ETL(from: shop.hot, to: shop.lake, options: ETLOptions(daysPerSnapshot: 2))
      let report = try await etl.export(shop.dataset.name)
      #expect(report.days.count == 7)
      #expect(try await shop.states() == Array(repeating: .both, count: 7))
    }
  }

  @Test("an undated dataset is copied whole, and again only when it changed")
  func undated() async throws {
    try await Shop.open { shop in
      let products = try Dataset(
        DatasetName("products"),
        schema: ColumnSchema([
          ColumnField("id", .int64, isNullable: false), ColumnField("name", .string),
        ]), primaryKey: ["id"], timeColumn: nil)
      try await shop.hot.install(products)
      try await add(product: 1, to: products, of: shop)
      #expect(try await shop.etl.export(products.name).days.map(\.outcome) == [.exported])
      #expect(try await shop.etl.export(products.name).days.map(\.outcome) == [.unchanged])
      try await add(product: 2, to: products, of: shop)
      #expect(try await shop.etl.export(products.name).days.map(\.outcome) == [.exported])
    }
  }

  private func add(product: Int64, to products: Dataset, of shop: Shop) async throws {
    var rows = ColumnBatchBuilder(products.schema)
    try rows.append(row: [.int(product), .string("lamp")])
    let batch = try rows.finish()
    try await shop.hot.withTransaction { try await $0.insert(batch, into: products.name) }
  }
}

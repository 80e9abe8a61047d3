import Foundation
import Testing
import TokyoDataETL
import TokyoDataLake
import TokyoDataRouter

@Suite("Retire")
struct RetireTests {
  @Test("days beyond the hot window leave hot, and every answer stays the same")
  func retired() async throws {
    try await Shop.open(hotDays: 3) { shop in
      try await shop.sell(Shop.sales(daysAgo: 0...6))
      let before = try await shop.total()
      _ = try await shop.etl.export(shop.dataset.name)
      let report = try await shop.etl.retire(shop.dataset.name)
      #expect(report.before == Shop.today.advanced(by: -3))
      #expect(report.days.map(\.outcome) == [.retired, .retired, .retired])
      #expect(report.days.map(\.rows) == [3, 3, 3])
      #expect(try await shop.states() == [.cold, .cold, .cold, .both, .both, .both])
      #expect(try await shop.total() == before)
      #expect(try await shop.router.fetch(Query(shop.dataset.name)).read.coldRows == 9)
    }
  }

  @Test("a day that was never exported stays in hot and is named")
  func neverExported() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 4...5))
      let report = try await shop.etl.retire(shop.dataset.name)
      #expect(report.days.map(\.outcome) == [.neverExported, .neverExported])
      #expect(!report.isComplete)
      #expect(try await shop.total()[0] == .int(6))
    }
  }

  @Test("a day that changed since its export stays in hot until it is exported anew")
  func changed() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 4...4))
      _ = try await shop.etl.export(shop.dataset.name)
      try await shop.sell([Shop.Sale(id: 499, cents: 1, day: Shop.today.advanced(by: -4))])
      #expect(try await shop.etl.retire(shop.dataset.name).days.map(\.outcome) == [.changed])
      #expect(try await shop.states() == [.both])
      _ = try await shop.etl.export(shop.dataset.name)
      #expect(try await shop.etl.retire(shop.dataset.name).days.map(\.outcome) == [.retired])
      #expect(try await shop.total()[0] == .int(4))
    }
  }

  @Test("a copy with one changed byte retires nothing")
  func changedByte() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 4...4))
      _ = try await shop.etl.export(shop.dataset.name)
      try shop.flipByteOfFirstFile()
      await #expect(throws: TokyoDataError.self) { try await shop.etl.retire(shop.dataset.name) }
      #expect(try await shop.states() == [.both])
      #expect(try await shop.etl.verify(shop.dataset.name).isClean == false)
    }
  }

  @Test("late rows of a cold day replace by key, wait for a merge, and are counted once")
  func overlay() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 4...4))
      _ = try await shop.etl.export(shop.dataset.name)
      _ = try await shop.etl.retire(shop.dataset.name)
      let late = Shop.today.advanced(by: -4)
      try await shop.sell([Shop.Sale(id: 400, cents: 7, day: late), Shop.Sale(id: 490, cents: 1, day: late)])
      // 400, 401 and 402 cents were sold; 400 becomes 7, and 1 is new.
      #expect(try await shop.total() == [.int(4), .decimal(Decimal128(unscaled: 811, scale: 2))])
      let versions = try await shop.versions()
      for mode in [ExportMode.incremental, .full] {
        #expect(try await shop.etl.export(shop.dataset.name, mode).days.map(\.outcome) == [.awaitsMerge])
      }
      #expect(try await shop.versions() == versions)
      #expect(try await shop.etl.status(shop.dataset.name).map(\.marked) == [true])
      #expect(try await shop.total()[0] == .int(4))
    }
  }

  @Test("a full export after a retire leaves cold days alone")
  func fullAfterRetire() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...5))
      _ = try await shop.etl.export(shop.dataset.name)
      _ = try await shop.etl.retire(shop.dataset.name)
      let versions = try await shop.versions()
      _ = try await shop.etl.export(shop.dataset.name, .full)
      #expect(try await shop.versions() == versions)
      #expect(try await shop.total()[0] == .int(15))
    }
  }

  @Test("an undated dataset is not retired")
  func undated() async throws {
    try await Shop.open { shop in
      let products = try Dataset(
        DatasetName("products"), schema: ColumnSchema([ColumnField("id", .int64, isNullable: false)]),
        primaryKey: ["id"], timeColumn: nil)
      try await shop.hot.install(products)
      await #expect(throws: TokyoDataError.self) { try await shop.etl.retire(products.name) }
    }
  }
}

@Suite("Collect")
struct CollectTests {
  @Test("replaced versions go after the grace, with their files; current ones stay")
  func collect() async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...2))
      _ = try await shop.etl.export(shop.dataset.name)
      try await shop.sell([Shop.Sale(id: 199, cents: 5, day: Shop.today.advanced(by: -1))])
      _ = try await shop.etl.export(shop.dataset.name)
      let current = Set(try await shop.versions().compactMap { $0 })
      #expect(try await shop.etl.collect(shop.dataset.name).versions.isEmpty)
      #expect(try await shop.etl.collect(shop.dataset.name, grace: .zero, dryRun: true).versions.count == 1)
      let gone = try await shop.etl.collect(shop.dataset.name, grace: .zero).versions
      #expect(gone.count == 1 && !current.contains(gone[0]))
      #expect(try await shop.etl.collect(shop.dataset.name, grace: .zero).versions.isEmpty)
      let all = try await shop.hot.versions(of: shop.dataset.name)
      #expect(try await shop.lake.unreferencedObjects(of: shop.dataset.name, versions: all).isEmpty)
      #expect(try await shop.total()[0] == .int(7))
    }
  }
}

extension Shop {
  /// Changes one byte in the middle of one data file.
  func flipByteOfFirstFile() throws { try flipByte { _ in true } }

  /// Changes one byte in the middle of a day's data file.
  func flipByteOfFile(of day: Day) throws {
    let text = "\(day)".split(separator: "-")
    try flipByte { $0.contains("year=\(text[0])/month=\(text[1])/day=\(text[2])/") }
  }

  private func flipByte(where isMeant: (String) -> Bool) throws {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let path = folder + "/" + (try #require(files.first { $0.hasSuffix(".parquet") && isMeant($0) }))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
  }
}

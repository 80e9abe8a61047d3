import Foundation
import Testing
import TokyoDataETL
import TokyoDataLake
import TokyoDataTesting

@Suite("The catalog follows the ledger")
struct CatalogTests {
  /// Lends a shop with two days exported, the second of them twice, and the view as a run leaves it that was
  /// killed between the publishing commit and the view.
  private func withStaleView(
    _ body: (Shop, _ old: VersionID, _ current: [VersionID]) async throws -> Void
  ) async throws {
    try await Shop.open { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...2))
      _ = try await shop.etl.export(shop.dataset.name)
      let before = try await shop.etl.ledger.versions(of: shop.dataset.name)
      try await shop.sell([Shop.Sale(id: 199, cents: 5, day: Shop.today.advanced(by: -1))])
      shop.clock.advance(by: .seconds(1))
      _ = try await shop.etl.export(shop.dataset.name)
      try await shop.lake.catalog.show(before.sorted { $0.day < $1.day }, of: shop.dataset)
      let replaced = try #require(before.first { $0.day == Shop.today.advanced(by: -1) })
      try await body(shop, replaced.id, try await shop.versions().compactMap { $0 })
    }
  }

  @Test("an export that has nothing to copy shows what a killed one published")
  func exportShows() async throws {
    try await withStaleView { shop, old, current in
      #expect(try await shop.lake.catalog.shown(of: shop.dataset).contains(old))
      _ = try await shop.etl.export(shop.dataset.name)
      #expect(try await shop.lake.catalog.shown(of: shop.dataset) == current)
    }
  }

  @Test("collecting a version that a killed run left in view does not take its day out of view")
  func collectShows() async throws {
    try await withStaleView { shop, old, current in
      let report = try await shop.etl.collect(shop.dataset.name, grace: .zero)
      #expect(report.versions == [old])
      #expect(try await shop.lake.catalog.shown(of: shop.dataset) == current)
    }
  }

  @Test("a dataset of which nothing was exported gets no view")
  func nothingExported() async throws {
    try await Shop.open { shop in
      _ = try await shop.etl.export(shop.dataset.name)
      #expect(!FileManager.default.fileExists(atPath: shop.folder + "/sales"))
    }
  }

  @Test("a check finds nothing after an export, names what a killed run left, and a repair mends it")
  func checkAndRepair() async throws {
    try await withStaleView { shop, old, _ in
      let report = try await shop.etl.checkCatalog(of: shop.dataset.name)
      #expect(report.found.map(\.kind) == [.notShown, .wronglyShown])
      #expect(report.found.map(\.version).contains(old))
      let repaired = try await shop.etl.repairCatalog(of: shop.dataset.name)
      #expect(repaired.found == report.found && repaired.left.isEmpty)
      #expect(try await shop.etl.checkCatalog(of: shop.dataset.name).found.isEmpty)
    }
  }

  @Test("what is dropped is made anew by a repair, and the answers are the same")
  func dropped() async throws {
    try await withStaleView { shop, _, current in
      let total = try await shop.total()
      try await shop.etl.dropCatalog(of: shop.dataset.name)
      #expect(try await shop.etl.checkCatalog(of: shop.dataset.name).found.map(\.kind) == [.missingTable])
      #expect(try await shop.etl.repairCatalog(of: shop.dataset.name).left.isEmpty)
      #expect(try await shop.lake.catalog.shown(of: shop.dataset) == current)
      #expect(try await shop.total() == total)
    }
  }

  @Test("what the lake has lost is named, and no repair claims to mend it", arguments: [true, false])
  func broken(losesManifest: Bool) async throws {
    try await withStaleView { shop, _, current in
      let records = try await shop.etl.ledger.versions(of: shop.dataset.name)
      let record = try #require(records.first { $0.id == current.last })
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(shop.folder)/\(record.location)")
      let name = try #require(names.first { ($0 == LakeLayout.manifestName) == losesManifest })
      try FileManager.default.removeItem(atPath: "\(shop.folder)/\(record.location)/\(name)")
      let report = try await shop.etl.repairCatalog(of: shop.dataset.name)
      #expect(report.left.map(\.kind) == [.brokenVersion])
      #expect(report.left.first?.version == record.id && report.left.first?.isRepairable == false)
    }
  }
}

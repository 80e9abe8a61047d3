import Testing
import TokyoDataETL
import TokyoDataLake
import TokyoDataRouter
import TokyoDataTesting

@Suite("An export after the columns changed")
struct EvolutionTests {
  /// Lends a shop whose days before one are only in the lake, with a definition of its columns that came later.
  private func withColdDays(
    before: Day? = nil, _ change: (inout [ColumnField]) -> Void, _ body: (Shop, Dataset) async throws -> Void
  ) async throws {
    try await Shop.open(hotDays: 3) { shop in
      try await shop.sell(Shop.sales(daysAgo: 1...6))
      _ = try await shop.etl.export(shop.dataset.name)
      _ = try await shop.etl.retire(shop.dataset.name, before: before)
      var fields = shop.dataset.schema.fields
      change(&fields)
      let changed = try Dataset(
        shop.dataset.name, schema: ColumnSchema(fields), primaryKey: shop.dataset.primaryKey,
        timeColumn: shop.dataset.timeColumn, policy: shop.dataset.policy)
      try await shop.hot.install(changed)
      try await body(shop, changed)
    }
  }

  @Test("a nullable column at the end keeps cold days readable: there it is NULL")
  func added() async throws {
    try await withColdDays({ $0.append(ColumnField("note", .string)) }) { shop, changed in
      _ = try await shop.etl.export(changed.name)
      let catalog = try await shop.etl.checkCatalog(of: changed.name)
      #expect(catalog.found.isEmpty, "\(catalog.found)")
      let query = Query(changed.name).select("id", "note")
      let answer = try await shop.router.fetch(query)
      #expect(answer.batch.rowCount == 18)
      #expect(try answer.batch.column("note").nullCount == 18)
    }
  }

  @Test("a column of another type is refused, with the reason and the day, and nothing is written")
  func retyped() async throws {
    try await withColdDays(
      before: Shop.today, { $0[1] = ColumnField("amount", .decimal(precision: 18, scale: 2)) }
    ) {
      shop, changed in
      let before = try await shop.etl.ledger.versions(of: changed.name)
      let error = await #expect(throws: TokyoDataError.self) { try await shop.etl.export(changed.name) }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("amount: from decimal(12,2) to decimal(18,2)") == true)
      #expect(error?.context.day == Shop.today.advanced(by: -6))
      #expect(try await shop.etl.ledger.versions(of: changed.name).count == before.count)
    }
  }
}

import Testing
import TokyoDataCore
import TokyoDataTesting

@Suite("PostgresHotStore keeps its contracts")
struct PostgresConformanceTests {
  @Test("as a hot store", arguments: HotStoreConformance.cases)
  func hotStore(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await run(conformance)
  }

  @Test("as a ledger", arguments: LedgerConformance.cases)
  func ledger(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await run(conformance)
  }

  @Test("as a source of exports", arguments: ExportSourceConformance.cases)
  func exportSource(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await run(conformance)
  }

  private func run(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await TestDatabase.with { try await conformance.run(on: TestDatabase.Fixture(database: $0)) }
  }
}

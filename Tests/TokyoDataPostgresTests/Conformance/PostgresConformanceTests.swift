import Testing
import TokyoDataCore
import TokyoDataTesting

@Suite("PostgresHotStore keeps its contracts")
struct PostgresConformanceTests {
  static let direct = [TestService.plain, .tls]

  @Test("as a hot store", arguments: Self.direct, HotStoreConformance.cases)
  func hotStore(_ service: TestService, _ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await run(conformance, on: service)
  }

  @Test("as a ledger", arguments: Self.direct, LedgerConformance.cases)
  func ledger(_ service: TestService, _ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await run(conformance, on: service)
  }

  @Test("as a source of exports", arguments: Self.direct, ExportSourceConformance.cases)
  func exportSource(_ service: TestService, _ conformance: ConformanceCase<any HotStoreFixture>) async throws
  {
    try await run(conformance, on: service)
  }

  private func run(
    _ conformance: ConformanceCase<any HotStoreFixture>, on service: TestService
  ) async throws {
    try await TestDatabase.with(on: service) {
      try await conformance.run(on: TestDatabase.Fixture(database: $0))
    }
  }
}

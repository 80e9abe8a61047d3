internal import Testing
internal import TokyoDataTesting

@Suite("The in-memory stores keep their contracts")
struct InMemoryConformanceTests {
  @Test("InMemoryHotStore as a hot store", arguments: HotStoreConformance.cases)
  func hot(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await conformance.run(on: InMemoryHotStoreFixture())
  }

  @Test("InMemoryHotStore as a ledger", arguments: LedgerConformance.cases)
  func ledger(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await conformance.run(on: InMemoryHotStoreFixture())
  }

  @Test("InMemoryHotStore as an export source", arguments: ExportSourceConformance.cases)
  func export(_ conformance: ConformanceCase<any HotStoreFixture>) async throws {
    try await conformance.run(on: InMemoryHotStoreFixture())
  }

  @Test("InMemoryColdStore as a cold store", arguments: ColdStoreConformance.cases)
  func cold(_ conformance: ConformanceCase<any ColdStoreFixture>) async throws {
    try await conformance.run(on: InMemoryColdStoreFixture())
  }

  @Test("all cases run and give a result each")
  func counts() async {
    let hot = await HotStoreConformance.run { InMemoryHotStoreFixture() }
    let ledger = await LedgerConformance.run { InMemoryHotStoreFixture() }
    let export = await ExportSourceConformance.run { InMemoryHotStoreFixture() }
    let cold = await ColdStoreConformance.run { InMemoryColdStoreFixture() }
    #expect(hot.map(\.sentence) == HotStoreConformance.cases.map(\.sentence))
    #expect(ledger.map(\.sentence) == LedgerConformance.cases.map(\.sentence))
    #expect(export.map(\.sentence) == ExportSourceConformance.cases.map(\.sentence))
    #expect(cold.map(\.sentence) == ColdStoreConformance.cases.map(\.sentence))
    #expect((hot + ledger + export + cold).allSatisfy { $0.failure == nil })
  }
}

import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("The cold stores over S3")
struct ColdStoreConformanceTests {
  @Test("LakeColdStore keeps the contract of a cold store on S3", arguments: ColdStoreConformance.cases)
  func lake(_ conformance: ConformanceCase<any ColdStoreFixture>) async throws {
    let bench = try await ColdBench()
    try await conformance.run(on: ColdBenchFixture(bench: bench, store: LakeColdStore(bench.lake)))
  }

  @Test(
    "AthenaColdStore keeps the contract of a cold store, whichever way results come",
    arguments: ColdStoreConformance.cases, [nil, .pages, .csv, .unload] as [AthenaResultWay?])
  func athena(
    _ conformance: ConformanceCase<any ColdStoreFixture>, _ way: AthenaResultWay?
  ) async throws {
    let bench = try await ColdBench()
    let store = try bench.athena { $0.resultWay = way }
    try await conformance.run(on: ColdBenchFixture(bench: bench, store: store))
  }

  @Test("AthenaColdStore keeps it where it reads small days itself", arguments: ColdStoreConformance.cases)
  func small(_ conformance: ConformanceCase<any ColdStoreFixture>) async throws {
    let bench = try await ColdBench()
    let store = try bench.athena { $0.smallRead = AthenaOptions().smallRead }
    try await conformance.run(on: ColdBenchFixture(bench: bench, store: store))
    #expect(try await bench.s3.store().list(prefix: "results/").isEmpty)
  }
}

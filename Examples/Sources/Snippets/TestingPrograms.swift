import TokyoData
import TokyoDataTesting

// snippet: clock
/// What a unit test sets up: stores in memory, and a calendar that stands still until it is moved.
func makeBilling(on today: Day, folder: String) async throws -> (InMemoryHotStore, ETL, Router, ManualClock) {
  let clock = ManualClock(today.start)
  clock.advance(by: .seconds(12 * 3600))
  let hot = InMemoryHotStore(now: { clock.now.timestamp }, clock: clock)
  let lake = try Lake.local(folder: folder, isDurable: false)
  return (hot, ETL(from: hot, to: lake), Router(hot: hot, cold: LakeColdStore(lake)), clock)
}
// end snippet

func withFaults(_ hot: InMemoryHotStore, _ lake: Lake) {
  // snippet: faults
  // The first read of the lake fails as a service that is not there would.
  let faulty = FaultyColdStore(LakeColdStore(lake), faults: Faults(at: [1]))
  let router = Router(hot: hot, cold: faulty)
  // end snippet
  _ = router
}

// snippet: conformance
/// Runs every case of a contract on a store of your own; each case gets a fixture of its own.
func checkStore(_ makeFixture: () async throws -> any ColdStoreFixture) async -> Bool {
  let results = await ColdStoreConformance.run(on: makeFixture)
  for result in results {
    if let failure = result.failure { print("\(result.sentence) \(failure)") }
  }
  return results.allSatisfy { $0.failure == nil }
}

func checkInMemoryStore() async -> Bool {
  await checkStore { InMemoryColdStoreFixture() }
}
// end snippet

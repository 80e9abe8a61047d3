import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// Every operation × every fault × once and always.
///
/// A service takes part with its list of operations and a scenario that uses each.
@Suite("Fault table", .serialized)
struct FaultTableTests {
  @Test("every operation has a scenario, and the table is their product")
  func complete() {
    for service in AWSService.allCases {
      let operations = Set(AWSOperation.all.filter { $0.service == service }.map(\.name))
      let used = service.faultScenario.usedOperations
      #expect(operations.subtracting(used) == [], "\(service) has operations that nobody uses")
      #expect(used.subtracting(operations) == [], "\(service) has no such operations")
      print("fault table: \(service): \(operations.count) operations")
    }
    let count = AWSOperation.all.count * Fault.all.count * FaultReach.allCases.count
    print(
      "fault table: \(AWSOperation.all.count) operations × \(Fault.all.count) faults × "
        + "\(FaultReach.allCases.count) reaches = \(count) runs")
  }

  @Test(
    "ends in success or a typed error, without a wrong answer or anything left behind",
    .timeLimit(.minutes(10)), arguments: AWSOperation.all)
  func table(_ operation: AWSOperation) async throws {
    for fault in Fault.all {
      for reach in FaultReach.allCases {
        let run = FaultRun(operation: operation, fault: fault, reach: reach)
        do { try await carryOut(run, in: operation.service.faultScenario) } catch {
          Issue.record("\(run): \(error)")
        }
      }
    }
  }

  private func carryOut<Scenario: FaultScenario>(_ run: FaultRun, in _: Scenario.Type) async throws {
    let use = try #require(Scenario.uses[run.operation.name])
    let scenario = try await Scenario()
    try await use.prepare(scenario)
    let rules = [run.rule(for: scenario.target)] + scenario.conditions
    let failure = try await Laboratory.withFaults(rules) { () -> (any Error)? in
      do { try await use.act(scenario) } catch { return scenario.told(error) }
      return nil
    }
    if let failure {
      #expect(run.ending == .anyhow, "\(run): \(failure)")
      // An internal error is one that nobody has put into our terms.
      let code = (failure as? TokyoDataError)?.code
      #expect(code != nil && code != .internal, "\(run) ends in \(type(of: failure)): \(failure)")
    } else {
      try await use.verify(scenario)
    }
    try await scenario.checkRemains(of: run, succeeded: failure == nil)
  }
}

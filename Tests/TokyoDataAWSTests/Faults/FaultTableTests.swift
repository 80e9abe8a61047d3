import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// Every operation × every fault × once and always.
///
/// A service takes part with its list of operations and a scenario for each.
@Suite("Fault table", .serialized)
struct FaultTableTests {
  @Test("every operation has a scenario")
  func complete() {
    let missing = AWSOperation.s3.filter { S3FaultScenario.uses[$0.name] == nil }.map(\.name)
    #expect(missing.isEmpty)
    let count = AWSOperation.s3.count * Fault.all.count * FaultReach.allCases.count
    print(
      "fault table: \(AWSOperation.s3.count) operations of S3 × \(Fault.all.count) faults × "
        + "\(FaultReach.allCases.count) reaches = \(count) runs")
  }

  @Test(
    "ends in success or a typed error, without a wrong answer or anything left behind",
    .timeLimit(.minutes(10)),
    arguments: AWSOperation.s3)
  func s3(_ operation: AWSOperation) async throws {
    for fault in Fault.all {
      for reach in FaultReach.allCases {
        let scenario = try #require(try await S3FaultScenario(operation))
        await run(scenario, operation, fault, reach)
      }
    }
  }

  private func run(
    _ scenario: some FaultScenario, _ operation: AWSOperation, _ fault: Fault, _ reach: FaultReach
  ) async {
    let title = "\(operation.name) × \(fault) × \(reach)"
    do {
      try await scenario.prepare()
      var rule = fault.rule
      rule["operation"] = "\(operation.service.rawValue):\(operation.name)"
      rule["target"] = scenario.target
      if reach == .once { rule["times"] = 1 }
      let failure = try await Laboratory.withFaults([rule]) { () -> (any Error)? in
        do { try await scenario.act() } catch { return error }
        return nil
      }
      if let failure {
        #expect((reach == .once ? fault.once : fault.always) == .anyhow, "\(title): \(failure)")
        #expect(failure is TokyoDataError, "\(title) ends in \(type(of: failure)): \(failure)")
      }
      try await scenario.verify(succeeded: failure == nil, reach, title)
    } catch {
      Issue.record("\(title): \(error)")
    }
  }
}

import Testing

@testable import TokyoDataAWS

/// A place in the laboratory, new for each run, where a service's operations are used one at a time.
protocol FaultScenario: Sendable {
  /// How each operation is used, by its name.
  static var uses: [String: FaultUse<Self>] { get }

  init() async throws

  /// What must stand in the target or the client's name for a fault to hit a request, so that others' pass.
  var target: String { get }

  /// Rules of the laboratory that are in force beside the fault's.
  var conditions: [[String: any Sendable]] { get }

  /// An error of the client as those who use the service are told it.
  func told(_ error: any Error) -> any Error

  /// Looks at what is left, whatever was told of it, when no fault is in force any more.
  func checkRemains(of run: FaultRun, succeeded: Bool) async throws
}

/// How one operation is used.
struct FaultUse<Scenario: FaultScenario>: Sendable {
  /// What the operation needs; no fault is in force yet.
  var prepare: @Sendable (Scenario) async throws -> Void = { _ in }
  /// Uses the operation and checks what it gave.
  var act: @Sendable (Scenario) async throws -> Void
  /// What must be true after success.
  var verify: @Sendable (Scenario) async throws -> Void = { _ in }
}

extension AWSService {
  /// Where the service's operations are used.
  var faultScenario: any FaultScenario.Type {
    switch self {
    case .s3: S3FaultScenario.self
    case .glue: GlueFaultScenario.self
    case .athena: AthenaFaultScenario.self
    case .sts: STSFaultScenario.self
    case .cloudWatch: MetricsFaultScenario.self
    case .cloudWatchLogs: LogsFaultScenario.self
    }
  }
}

extension FaultScenario {
  var conditions: [[String: any Sendable]] { [] }

  static var usedOperations: Set<String> { Set(uses.keys) }

  /// The macro `#expect` does not make a closure throw what is tried in it.
  static func expect<Value: Equatable>(
    _ found: Value, _ expected: Value, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(found == expected, sourceLocation: location)
  }
}

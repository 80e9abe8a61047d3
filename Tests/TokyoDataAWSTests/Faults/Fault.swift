/// A way in which one operation fails: a rule of the laboratory, and how calls may end under it.
struct Fault: Sendable, CustomStringConvertible {
  /// Words for reports.
  var name: String
  /// The rule without its operation and target.
  var rule: [String: any Sendable]
  /// How a call ends when the fault hits it once.
  var once: Ending
  /// How a call ends when the fault hits every try.
  var always = Ending.anyhow

  enum Ending: Sendable {
    /// It succeeds.
    case success
    /// It succeeds, or throws an error of ours.
    case anyhow
  }

  var description: String { name }

  static let all: [Fault] = [
    Fault("status 500", ["kind": "status", "status": 500, "code": "InternalError"]),
    Fault("status 503", ["kind": "status", "status": 503, "code": "ServiceUnavailable"]),
    Fault("status 400", ["kind": "status", "status": 400, "code": "InvalidRequest"], once: .anyhow),
    Fault("status 403", ["kind": "status", "status": 403, "code": "AccessDenied"], once: .anyhow),
    Fault("throttled", ["kind": "throttle"]),
    Fault("late", ["kind": "delay", "seconds": 0.02], always: .success),
    Fault("cut before", ["kind": "cut", "when": "before"]),
    Fault("cut after", ["kind": "cut", "when": "after"]),
    Fault("cut in the body", ["kind": "cut", "when": "body", "at": 10]),
    Fault("cut before the body", ["kind": "cut", "when": "body", "at": 0]),
    Fault("truncated", ["kind": "truncate", "at": 10]),
    Fault("corrupted", ["kind": "corrupt", "at": 0]),
    Fault("200 with an error, nothing done", ["kind": "ok_with_error", "when": "before"]),
    Fault("200 with an error, all done", ["kind": "ok_with_error", "when": "after"]),
    Fault("expired credentials", ["kind": "expired_token"], once: .anyhow),
    // A service whose clock is wrong is so for the next try too; one that is so for a single request mends
    // itself, and who has learned its time is wrong then.
    Fault("clock an hour slow", ["kind": "clock_skew", "seconds": 3_600], once: .anyhow, always: .success),
    Fault("clock an hour fast", ["kind": "clock_skew", "seconds": -3_600], once: .anyhow, always: .success),
  ]

  init(
    _ name: String, _ rule: [String: any Sendable], once: Ending = .success, always: Ending = .anyhow
  ) {
    self.name = name
    self.rule = rule
    self.once = once
    self.always = always
  }
}

/// How often a fault hits.
enum FaultReach: String, Sendable, CaseIterable {
  case once
  case always
}

/// One operation in use: what it needs, the use of it, and what must be true afterwards.
protocol FaultScenario: Sendable {
  /// What must stand in the target of requests for a fault to hit them, so that others' pass.
  var target: String { get }

  /// What the operation needs; no fault is in force yet.
  func prepare() async throws

  /// Uses the operation and checks what it gave.
  func act() async throws

  /// Looks at what is left, when no fault is in force any more.
  ///
  /// - Parameters:
  ///   - succeeded: How `act` ended.
  ///   - reach: How often the fault hit; one that always hits what cleans up leaves what it must.
  ///   - title: What to call the run.
  func verify(succeeded: Bool, _ reach: FaultReach, _ title: String) async throws
}

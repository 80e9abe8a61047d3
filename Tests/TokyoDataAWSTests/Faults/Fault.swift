@testable import TokyoDataAWS

/// A way in which one operation fails: a rule of the laboratory, and how calls may end under it.
struct Fault: Sendable, CustomStringConvertible {
  /// Words for reports.
  var name: String
  /// The rule without its operation and target.
  var rule: [String: any Sendable]
  /// How a call ends when the fault hits it once.
  var once: Ending
  /// How a call ends when the fault hits every try.
  var always: Ending
  /// What it means for the operation.
  var effect: Effect

  enum Ending: Sendable {
    /// It succeeds.
    case success
    /// It succeeds, or throws an error of ours.
    case anyhow
  }

  enum Effect: Sendable {
    /// It was not done, and may be done later.
    case delay
    /// It was not done, and never would be.
    case refusal
    /// The client cannot know whether it was done.
    case unknown
  }

  var description: String { name }

  static let all: [Fault] = [
    Fault("status 500", ["kind": "status", "status": 500, "code": "InternalError"], effect: .unknown),
    Fault("status 503", ["kind": "status", "status": 503, "code": "ServiceUnavailable"], effect: .unknown),
    Fault(
      "status 400", ["kind": "status", "status": 400, "code": "InvalidRequest"], once: .anyhow,
      effect: .refusal),
    Fault("status 403", ["kind": "status", "status": 403, "code": "AccessDenied"], once: .anyhow),
    Fault("throttled", ["kind": "throttle"]),
    Fault("late", ["kind": "delay", "seconds": 0.02], always: .success),
    Fault("cut before", ["kind": "cut", "when": "before"], effect: .unknown),
    Fault("cut after", ["kind": "cut", "when": "after"], effect: .unknown),
    Fault("cut in the body", ["kind": "cut", "when": "body", "at": 10], effect: .unknown),
    Fault("cut before the body", ["kind": "cut", "when": "body", "at": 0], effect: .unknown),
    Fault("truncated", ["kind": "truncate", "at": 10], effect: .unknown),
    Fault("corrupted", ["kind": "corrupt", "at": 0], effect: .unknown),
    Fault(
      "200 with an error, nothing done", ["kind": "ok_with_error", "when": "before"], effect: .unknown),
    Fault("200 with an error, all done", ["kind": "ok_with_error", "when": "after"], effect: .unknown),
    Fault("expired credentials", ["kind": "expired_token"], once: .anyhow),
    // A service whose clock is wrong is so for the next try too; one that is so for a single request mends
    // itself, and who has learned its time is wrong then.
    Fault("clock an hour slow", ["kind": "clock_skew", "seconds": 3_600], once: .anyhow, always: .success),
    Fault("clock an hour fast", ["kind": "clock_skew", "seconds": -3_600], once: .anyhow, always: .success),
  ]

  init(
    _ name: String, _ rule: [String: any Sendable], once: Ending = .success, always: Ending = .anyhow,
    effect: Effect = .delay
  ) {
    self.name = name
    self.rule = rule
    self.once = once
    self.always = always
    self.effect = effect
  }
}

/// How often a fault hits.
enum FaultReach: String, Sendable, CaseIterable {
  case once
  case always
}

/// One operation under one fault.
struct FaultRun: Sendable, CustomStringConvertible {
  var operation: AWSOperation
  var fault: Fault
  var reach: FaultReach

  var description: String { "\(operation.name) × \(fault) × \(reach)" }

  /// The laboratory's rule for requests with `target` in them.
  func rule(for target: String) -> [String: any Sendable] {
    var rule = fault.rule
    rule["operation"] = "\(operation.service.signingName):\(operation.name)"
    rule["target"] = target
    if reach == .once { rule["times"] = 1 }
    return rule
  }

  /// How the call may end.
  var ending: Fault.Ending {
    switch reach {
    case .always: fault.always
    // Where the first try may have been all of it, and that must not be done twice, there is no second.
    case .once: fault.effect == .unknown && operation.repetition == .never ? .anyhow : fault.once
    }
  }
}

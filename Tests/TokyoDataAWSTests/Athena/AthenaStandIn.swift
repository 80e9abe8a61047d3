import Synchronization
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

/// Athena as far as the life of queries goes, by a script: each look at a query shows its next state.
final class AthenaStandIn: Sendable {
  struct State: Sendable {
    /// What looks at a query show, one after the other; the last stays.
    var script: [String] = [succeeded]
    var queries: [String: [String]] = [:]
    var tokens: [String: String] = [:]
    var stopped: [String] = []
    /// Refusals that calls meet before they are served, by operation.
    var refusals: [String: [ServiceStandIn.Answer]] = [:]
    /// A script for a query, by the number of its start.
    var scripts: [Int: [String]] = [:]
    /// What each batch asked for.
    var batches: [[String]] = []
  }

  let state = Mutex(State())
  let clock = ManualClock(Timestamp(microsecondsSince1970: 1_767_225_600_000_000))

  static let queued = #""State": "QUEUED""#
  static let running = #""State": "RUNNING""#
  static let succeeded = #""State": "SUCCEEDED""#
  static func failed(_ category: Int, _ type: Int, retryable: Bool = false) -> String {
    #""State": "FAILED", "StateChangeReason": "secret words", "AthenaError": {"ErrorCategory": \#(category), "#
      + #""ErrorType": \#(type), "Retryable": \#(retryable), "ErrorMessage": "secret words"}"#
  }
  static func canceled(_ reason: String) -> String {
    #""State": "CANCELLED", "StateChangeReason": "\#(reason)""#
  }

  func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

  var client: AWSClient {
    AWSClient(
      settings: AWSSettings(region: "ap-northeast-1"), credentials: FixedCredentials(),
      transport: ServiceStandIn { [self] in answer($0) },
      time: ClientTime(clock: clock, now: { [clock] in clock.now.timestamp }, random: { 0.5 }))
  }

  var runner: QueryRunner {
    let client = client
    return QueryRunner(athena: AthenaClient(client: client), clock: WaitingClock(client.time))
  }

  var engine: AthenaEngine { AthenaEngine(athena: client, storage: client) }

  /// Lets time pass while `body` waits.
  func passing<Result: Sendable>(
    by step: Duration = .milliseconds(20), _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let pulse = Task { [clock] in
      while !Task.isCancelled {
        clock.advance(by: step)
        await Task.yield()
      }
    }
    defer { pulse.cancel() }
    return try await body()
  }

  private func answer(_ call: ServiceStandIn.Call) -> ServiceStandIn.Answer {
    state.withLock { state in
      if let refusal = state.refusals[call.operation]?.first {
        state.refusals[call.operation]?.removeFirst()
        return refusal
      }
      switch call.operation {
      case "StartQueryExecution":
        let token = Self.member("ClientRequestToken", of: call.text)
        let id = state.tokens[token] ?? "q\(state.tokens.count + 1)"
        if state.tokens[token] == nil {
          state.tokens[token] = id
          state.queries[id] = state.scripts[state.tokens.count] ?? state.script
        }
        return .init(#"{"QueryExecutionId": "\#(id)"}"#)
      case "BatchGetQueryExecution":
        let ids = Self.ids(in: call.text)
        state.batches.append(ids)
        let known = ids.filter { state.queries[$0] != nil }.map { Self.next($0, &state) }
        let unknown = ids.filter { state.queries[$0] == nil }.map {
          #"{"QueryExecutionId": "\#($0)", "ErrorCode": "INVALID_INPUT"}"#
        }
        return .init(
          #"{"QueryExecutions": [\#(known.joined(separator: ","))], "UnprocessedQueryExecutionIds": "#
            + #"[\#(unknown.joined(separator: ","))]}"#)
      case "GetQueryExecution":
        return .init(
          #"{"QueryExecution": \#(Self.next(Self.member("QueryExecutionId", of: call.text), &state))}"#)
      case "StopQueryExecution":
        let id = Self.member("QueryExecutionId", of: call.text)
        state.stopped.append(id)
        state.queries[id] = [Self.canceled("stopped")]
        return .init("{}")
      default: return .init("{}")
      }
    }
  }

  private static func next(_ id: String, _ state: inout State) -> String {
    var script = state.queries[id] ?? [queued]
    let status = script[0]
    if script.count > 1 { script.removeFirst() }
    state.queries[id] = script
    return #"{"QueryExecutionId": "\#(id)", "StatementType": "DML", "Status": {\#(status)}, "#
      + #""Statistics": {"DataScannedInBytes": 25000000, "QueryQueueTimeInMillis": 7, "TotalExecutionTimeInMillis": 19}}"#
  }

  private static func member(_ name: String, of text: String) -> String {
    guard let start = text.firstRange(of: "\"\(name)\":\"")?.upperBound else { return "" }
    return String(text[start...].prefix { $0 != "\"" })
  }

  private static func ids(in text: String) -> [String] {
    guard let start = text.firstRange(of: "[")?.upperBound else { return [] }
    return text[start...].prefix { $0 != "]" }.split(separator: ",").map { String($0.dropFirst().dropLast()) }
  }
}

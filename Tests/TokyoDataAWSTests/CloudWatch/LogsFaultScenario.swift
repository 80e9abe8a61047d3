import Logging
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// The operations of CloudWatch's logs, on a group of their own.
struct LogsFaultScenario: FaultScenario {
  let target = JSONLaboratory.newName("logs")
  private let client: AWSClient
  private let logs: CloudWatchLogs

  init() async throws {
    client = try Laboratory.client(named: target)
    logs = try CloudWatchLogs(
      group: target, stream: Self.stream, client: client, interval: .seconds(1), maximumBytes: 1 << 20,
      logger: nil, clock: HurriedClock(), now: nil)
  }

  func told(_ error: any Error) -> any Error { TokyoDataError.of(error, .init(store: "cloudwatch")) }

  func checkRemains(of run: FaultRun, succeeded: Bool) async throws {
    // What could not be written waits for the next flush.
    if !succeeded { try await logs.flush() }
    #expect(logs.droppedCount == 0, "\(run)")
    let found = try await written()
    #expect(Set(found) == Set(Self.events), "\(run): lost")
    // A line that stands there twice is what an answer that was lost may cost.
    if run.fault.effect != .unknown || run.operation != .putLogEvents {
      #expect(found.count == Self.events.count, "\(run): written twice")
    }
  }

  static var uses: [String: FaultUse<Self>] {
    [
      "CreateLogGroup": writing, "CreateLogStream": writing,
      "PutLogEvents": FaultUse(
        prepare: { logs in
          try await LogsClient(client: logs.client, group: logs.target, stream: stream).create()
          try await writing.prepare(logs)
        },
        act: writing.act),
    ]
  }

  /// Writes into a group that is not there yet.
  private static var writing: FaultUse<Self> {
    FaultUse(
      prepare: { logs in
        let logger = Logger(label: "app", factory: logs.logs.handler)
        for event in events { logger.info("\(event)") }
      },
      act: { try await $0.logs.flush() })
  }

  private static let stream = "s"
  private static let events = ["event 0", "event 1", "event 2"]

  private func written() async throws -> [String] {
    struct Input: Encodable {
      var logGroupName: String
      var logStreamName = LogsFaultScenario.stream
    }
    struct Output: Decodable {
      struct Event: Decodable { var message: String }
      var events: [Event]
    }
    let output: Output = try await client.call(
      AWSOperation(.cloudWatchLogs, "GetLogEvents"), Input(logGroupName: target))
    return output.events.compactMap { event in Self.events.first(where: event.message.contains) }
  }
}

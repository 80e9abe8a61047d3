import Foundation
import Logging
import MetricsTestKit
import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("What calls tell about themselves")
struct CallSignalsTests {
  private let metrics = TestMetrics()
  private let log = Log()
  private static let operation = AWSOperation(.s3, "GetObject")

  /// Keeps what was logged.
  final class Log: Sendable {
    private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

    func add(_ level: Logger.Level, _ text: String) { lines.withLock { $0.append((level, text)) } }
    var all: [(level: Logger.Level, text: String)] { lines.withLock { $0 } }
  }

  struct Handler: LogHandler {
    var log: Log
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { log.add(event.level, "\(event.message) \(event.metadata ?? [:])") }
  }

  private func client(_ transport: ScriptedTransport) throws -> AWSClient {
    var settings = AWSSettings(region: "eu-west-1")
    settings.maximumAttempts = 3
    settings.endpoints.custom = [.s3: try #require(EndpointURL("http://planted-host:9000"))]
    let now = try #require(Timestamp("2026-11-26T02:00:00Z"))
    return AWSClient(
      settings: settings, credentials: TurningCredentials("planted-id", "planted-id-2"), transport: transport,
      time: ClientTime(clock: NotedPauses(), now: { now }, random: { 0.5 }),
      metrics: ClientMetrics(metrics))
  }

  private func call(_ operation: AWSOperation = operation) -> AWSCall {
    var call = AWSCall(operation)
    call.bucket = operation.service == .s3 ? "planted-bucket" : nil
    call.path = "/planted-key"
    call.query = [("planted-query", "planted-value")]
    call.headers["x-amz-meta-planted"] = "planted-header"
    call.body = .bytes([Array("SELECT planted-text".utf8)[...]])
    return call
  }

  private func send(_ call: AWSCall, _ replies: [ScriptedTransport.Reply]) async throws -> Result<
    Void, any Error
  > {
    let client = try client(ScriptedTransport(scripted: replies))
    let logger = Logger(label: "test", factory: { _ in Handler(log: log) })
    return await withLogger(logger) { _ in
      do {
        _ = try await client.send(call)
        return .success(())
      } catch { return .failure(error) }
    }
  }

  private func count(_ name: CallMetricName, _ more: (String, String)...) throws -> Int64 {
    try metrics.expectCounter(
      name.rawValue, [("rpc.system.name", "aws-api"), ("rpc.method", "s3/GetObject")] + more
    ).totalValue
  }

  private static func refusal(_ status: Int, _ code: String, id: String = "planted id!")
    -> ScriptedTransport.Reply
  {
    .answer(
      status, [("x-amz-request-id", id)],
      "<Error><Code>\(code)</Code><Message>planted-message</Message></Error>")
  }

  @Test("Tries, retries, throttles, duration and errors are counted")
  func counts() async throws {
    let result = try await send(
      call(), [Self.refusal(503, "SlowDown"), .failure(.connectionLost), Self.refusal(404, "NoSuchKey")])
    #expect(throws: AWSServiceError.self) { try result.get() }
    #expect(try count(.attempts) == 3)
    #expect(try count(.retries) == 2)
    #expect(try count(.throttles) == 1)
    #expect(try count(.errors, ("error.type", "NoSuchKey")) == 1)
    let timer = try metrics.expectTimer(
      CallMetricName.duration.rawValue, [("rpc.system.name", "aws-api"), ("rpc.method", "s3/GetObject")])
    #expect(timer.values == [0])
  }

  @Test("A faulty run logs nothing planted, and nothing above debug")
  func secrets() async throws {
    let hostile = "planted code with words"
    for replies in [
      [ScriptedTransport.Reply.ok], [.failure(.connectTimeout), .ok],
      [Self.refusal(400, "ExpiredToken", id: "GOOD-ID"), .ok],
      [Self.refusal(403, hostile)], [Self.refusal(403, String(repeating: "planted", count: 12))],
    ] { _ = try await send(call(), replies) }
    // Ends, and the two that were tried again.
    #expect(log.all.count == 7)
    #expect(log.all.contains { $0.text.contains("GOOD-ID") && $0.text.contains("ExpiredToken") })
    for line in log.all {
      #expect(line.level <= .debug)
      #expect(!line.text.contains("planted"), "\(line.text)")
    }
    #expect(try count(.errors, ("error.type", "_OTHER")) == 1)
  }

  @Test("A service that invents codes makes no metrics without end")
  func inventedCodes() async throws {
    let operation = OperationMetrics(Self.operation, metrics)
    for number in 0..<200 { operation.noteError(CallErrorType(code: "Code\(number)")) }
    #expect(metrics.counters.count(where: { $0.label == "tokyodata.aws.errors" }) <= 51)
    #expect(try count(.errors, ("error.type", "_OTHER")) == 150)
  }

  @Test("Calls that carry logs and metrics make none", arguments: [AWSService.cloudWatch, .cloudWatchLogs])
  func carriers(_ service: AWSService) async throws {
    _ = try await send(call(AWSOperation(service, "Put")), [.failure(.connectTimeout), .ok])
    #expect(log.all.isEmpty && metrics.counters.isEmpty && metrics.timers.isEmpty)
  }

  @Test("the guide's tables name the metrics, dimensions and log keys of calls")
  func guide() throws {
    let guide = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Documentation/Observability.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    let start = try #require(text.range(of: "\n## Calls to AWS\n")).upperBound
    let end = try #require(text.range(of: "\n## ", range: start..<text.endIndex)).lowerBound
    let documented = text[start..<end].split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
      return String(line.dropFirst(3)[..<end])
    }
    let code =
      CallMetricName.allCases.map(\.rawValue) + CallMetricDimension.allCases.map(\.rawValue)
      + CallLogKey.allCases.map(\.rawValue)
    #expect(documented.sorted() == code.sorted())
  }
}

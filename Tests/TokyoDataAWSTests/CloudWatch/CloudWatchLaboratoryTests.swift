import CoreMetrics
import Logging
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("CloudWatch, in the laboratory")
struct CloudWatchLaboratoryTests {
  @Test("takes our metrics: sums, values with counts, dimensions")
  func metrics() async throws {
    let namespace = JSONLaboratory.newName("ns")
    let client = try JSONLaboratory.client()
    let metrics = CloudWatchMetrics(
      output: ServiceMetricOutput(client: client, namespace: namespace), interval: .seconds(60),
      dimensions: [], maximumSeries: 100, logger: nil, clock: ContinuousClock(), now: nil)
    Counter(label: "requests", dimensions: [("path", "/a")], factory: metrics).increment(by: 3)
    let timer = Timer(label: "latency", factory: metrics)
    for milliseconds in [5, 9, 5] as [Int64] { timer.recordNanoseconds(milliseconds * 1_000_000) }
    try await metrics.flush()
    #expect(metrics.lostCount == 0)
    #expect(try await Self.names(of: namespace, client) == ["latency", "requests"])
  }

  @Test("takes our log events, and makes what they need")
  func logs() async throws {
    let group = "/" + JSONLaboratory.newName("group")
    let client = try JSONLaboratory.client()
    let logs = try CloudWatchLogs(
      group: group, stream: "s", client: client, interval: .seconds(1), maximumBytes: 1 << 20, logger: nil,
      clock: ContinuousClock(), now: nil)
    let logger = Logger(label: "app", factory: logs.handler)
    for number in 0..<3 { logger.info("event \(number)") }
    for _ in 0..<2 { try await logs.flush() }
    logger.info("event 3")
    try await logs.flush()
    #expect(logs.droppedCount == 0)
    struct Input: Encodable {
      var logGroupName: String
      var logStreamName = "s"
    }
    struct Output: Decodable {
      struct Event: Decodable { var message: String }
      var events: [Event]
    }
    let output: Output = try await client.call(
      AWSOperation(.cloudWatchLogs, "GetLogEvents"), Input(logGroupName: group))
    #expect(output.events.map { $0.message.contains("event ") } == [true, true, true, true])
  }

  private static func names(of namespace: String, _ client: AWSClient) async throws -> [String] {
    struct Input: Encodable { var namespace: String }
    struct Output: Decodable {
      struct Metric: Decodable { var metricName: String }
      var metrics: [Metric]
    }
    let output: Output = try await client.call(
      AWSOperation(.cloudWatch, "ListMetrics"), Input(namespace: namespace))
    return Set(output.metrics.map(\.metricName)).sorted()
  }
}

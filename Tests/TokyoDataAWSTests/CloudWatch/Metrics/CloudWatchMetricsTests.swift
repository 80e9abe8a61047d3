import CoreMetrics
import Foundation
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("CloudWatchMetrics")
struct CloudWatchMetricsTests {
  static let time = Timestamp(microsecondsSince1970: 1_767_225_600_000_000)

  func backend(
    _ service: ServiceStandIn, dimensions: [(String, String)] = [], maximumSeries: Int = 100,
    clock: any Clock<Duration> = ContinuousClock()
  ) -> CloudWatchMetrics {
    CloudWatchMetrics(
      output: ServiceMetricOutput(client: service.client, namespace: "Test"), interval: .seconds(60),
      dimensions: dimensions, maximumSeries: maximumSeries, logger: nil, clock: clock,
      now: { Self.time })
  }

  @Test("publishes sums, values and each duration with its count")
  func publishes() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service, dimensions: [("service", "billing")])
    let counter = Counter(label: "requests", dimensions: [("path", "/a")], factory: metrics)
    counter.increment(by: 2)
    Counter(label: "requests", dimensions: [("path", "/a")], factory: metrics).increment()
    Gauge(label: "open", factory: metrics).record(7)
    Meter(label: "level", factory: metrics).set(1.5)
    let timer = Timer(label: "latency", factory: metrics)
    for milliseconds in [5, 9, 5] as [Int64] { timer.recordNanoseconds(milliseconds * 1_000_000) }
    FloatingPointCounter(label: "dollars", factory: metrics).increment(by: 0.25)
    try await metrics.flush()
    let common = #""Dimensions":[{"Name":"service","Value":"billing"}],"#
    let time = #""Timestamp":1767225600"#
    let data: [String] = [
      #"{\#(common)"MetricName":"dollars",\#(time),"Unit":"Count","Value":0.25}"#,
      #"{"Counts":[2,1],\#(common)"MetricName":"latency",\#(time),"Unit":"Milliseconds","Values":[5,9]}"#,
      #"{\#(common)"MetricName":"level",\#(time),"Unit":"None","Value":1.5}"#,
      #"{\#(common)"MetricName":"open",\#(time),"Unit":"None","Value":7}"#,
      #"{"Dimensions":[{"Name":"path","Value":"/a"},{"Name":"service","Value":"billing"}],"#
        + #""MetricName":"requests",\#(time),"Unit":"Count","Value":3}"#,
    ]
    let expected = #"{"MetricData":["# + data.joined(separator: ",") + #"],"Namespace":"Test"}"#
    #expect(service.calls.map(\.text) == [expected])
  }

  @Test("sums begin anew, a gauge stays, and nothing measured is nothing sent")
  func beginsAnew() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service)
    try await metrics.flush()
    #expect(service.calls.isEmpty)
    let counter = Counter(label: "c", factory: metrics)
    Gauge(label: "g", factory: metrics).record(1)
    counter.increment()
    for _ in 0..<2 { try await metrics.flush() }
    #expect(service.calls.map { $0.text.contains(#""MetricName":"c""#) } == [true, false])
    #expect(service.calls.map { $0.text.contains(#""MetricName":"g""#) } == [true, true])
  }

  @Test("a metric that is destroyed is published once more and forgotten")
  func forgets() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service, maximumSeries: 1)
    let gauge = Gauge(label: "g", factory: metrics)
    gauge.record(1)
    gauge.destroy()
    Counter(label: "no room", factory: metrics).increment()
    for _ in 0..<2 { try await metrics.flush() }
    #expect(service.calls.count == 1)
    Counter(label: "room", factory: metrics).increment()
    try await metrics.flush()
    #expect(service.calls.count == 2)
    #expect(metrics.lostCount == 1)
  }

  @Test("batches hold a thousand data, and a megabyte")
  func batches() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service, maximumSeries: 10_000)
    for number in 0..<2_500 { Counter(label: "c\(number)", factory: metrics).increment() }
    try await metrics.flush()
    #expect(service.calls.count == 3)
    let long = String(repeating: "x", count: 1_000)
    for number in 0..<900 {
      Counter(label: "d\(number)", dimensions: [("a", long), ("b", long)], factory: metrics).increment()
    }
    try await metrics.flush()
    #expect(service.calls.count == 5)
    #expect(service.calls.allSatisfy { $0.body.count <= 1_000_000 })
  }

  @Test("of one metric at most 150 values go into a datum")
  func manyValues() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service)
    let recorder = Recorder(label: "r", factory: metrics)
    for value in stride(from: 1e-6, to: 1e6, by: 13.7) { recorder.record(value) }
    for exponent in -9...9 { recorder.record(pow(10, Double(exponent))) }
    for value in stride(from: 1.0, to: 1e9, by: 1e6) { recorder.record(-value) }
    try await metrics.flush()
    struct Document: Decodable {
      struct Datum: Decodable { var Values, Counts: [Double] }
      var MetricData: [Datum]
    }
    let document = try JSONDecoder().decode(Document.self, from: Data(service.calls[0].body))
    #expect(document.MetricData.count > 1)
    #expect(document.MetricData.allSatisfy { $0.Values.count <= 150 && $0.Values.count == $0.Counts.count })
  }

  @Test("names and dimensions that CloudWatch would refuse are made to fit")
  func cleans() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service)
    let many = (10..<50).map { ("n\($0)", "v") }
    Counter(
      label: "größe\n", dimensions: [("", "x"), (":a", "x"), ("empty", ""), ("b", " ")], factory: metrics
    )
    .increment()
    Counter(label: "many", dimensions: many, factory: metrics).increment()
    Counter(label: " ", factory: metrics).increment()
    try await metrics.flush()
    let text = try #require(service.calls.first?.text)
    #expect(text.contains(#"{"MetricName":"gr??e?","Timestamp""#))
    #expect(text.components(separatedBy: #""Value":"v""#).count == 31)
  }

  @Test(
    "what the service surely did not take is sent again, what it may have taken is not",
    arguments: [
      ("ThrottlingException", 400, 2), ("ServiceUnavailable", 503, 2), ("InternalServiceFault", 500, 1),
      ("InvalidParameterValue", 400, 1),
    ])
  func keeps(_ code: String, _ status: Int, _ sent: Int) async throws {
    let isFailing = Mutex(true)
    let service = ServiceStandIn { _ in
      isFailing.withLock { $0 } ? .error(code, status: status) : .init("{}")
    }
    let metrics = backend(service)
    Counter(label: "c", factory: metrics).increment()
    let error = await #expect(throws: TokyoDataError.self) { try await metrics.flush() }
    #expect(error?.cause is AWSServiceError)
    isFailing.withLock { $0 = false }
    let failed = service.calls.count
    try await metrics.flush()
    #expect(service.calls.count - failed == sent - 1)
    #expect(metrics.lostCount == 2 - sent)
  }

  @Test("namespaces that CloudWatch would refuse are refused", arguments: ["", ":a", "AWS/EC2", "ü", "a\n"])
  func namespaces(_ namespace: String) {
    let error = #expect(throws: TokyoDataError.self) { try CloudWatchMetrics(embeddedIn: namespace) }
    #expect(error?.code == .invalidArgument)
  }

  @Test("flushes at the interval by its clock, and once more on graceful shutdown")
  func runs() async throws {
    let (flushes, continuation) = AsyncStream.makeStream(of: Void.self)
    let service = ServiceStandIn { _ in
      continuation.yield()
      return .init("{}")
    }
    let clock = ManualClock(Self.time)
    let metrics = backend(service, clock: clock)
    let counter = Counter(label: "c", factory: metrics)
    counter.increment()
    try await testGracefulShutdown { trigger in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await metrics.run() }
        var iterator = flushes.makeAsyncIterator()
        while service.calls.isEmpty {
          clock.advance(by: .seconds(60))
          await Task.yield()
        }
        await iterator.next()
        counter.increment()
        trigger.triggerGracefulShutdown()
        try await group.waitForAll()
      }
    }
    #expect(service.calls.count == 2)
  }

  @Test("a canceled flush loses what was on its way, and keeps what was not")
  func canceledFlush() async throws {
    let isFirst = Mutex(true)
    let service = ServiceStandIn { _ in
      let isThis = isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst
      }
      guard isThis else { return .init("{}") }
      withUnsafeCurrentTask { $0?.cancel() }
      throw CancellationError()
    }
    let metrics = backend(service, maximumSeries: 10_000)
    for number in 0..<ServiceMetricOutput.mostData + 500 {
      Counter(label: "c\(number)", factory: metrics).increment()
    }
    await #expect(throws: CancellationError.self) { try await Task { try await metrics.flush() }.value }
    #expect(service.calls.count == 1)
    #expect(metrics.lostCount == ServiceMetricOutput.mostData)
    try await metrics.flush()
    #expect(service.calls.count == 2)
    #expect(metrics.lostCount == ServiceMetricOutput.mostData)
  }

  @Test("a canceled run ends, and sends nothing more")
  func canceled() async throws {
    let service = ServiceStandIn([:])
    let metrics = backend(service)
    Counter(label: "c", factory: metrics).increment()
    let task = Task { try await metrics.run() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(service.calls.isEmpty)
  }
}

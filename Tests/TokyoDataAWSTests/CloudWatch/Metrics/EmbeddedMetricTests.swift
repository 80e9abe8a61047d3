import CoreMetrics
import Foundation
import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("The embedded metric format")
struct EmbeddedMetricTests {
  let lines = Lines()

  final class Lines: Sendable {
    let text = Mutex<[String]>([])
  }

  func backend() throws -> CloudWatchMetrics {
    try CloudWatchMetrics(
      embeddedIn: "Test", now: { CloudWatchMetricsTests.time },
      write: { [lines] bytes in
        lines.text.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
      })
  }

  @Test("is a line for each set of dimensions, with values and counts")
  func lines() async throws {
    let metrics = try backend()
    Counter(label: "requests", dimensions: [("path", "/a")], factory: metrics).increment(by: 3)
    let timer = Timer(label: "latency", dimensions: [("path", "/a")], factory: metrics)
    for milliseconds in [5, 9, 5] as [Int64] { timer.recordNanoseconds(milliseconds * 1_000_000) }
    Gauge(label: "open", factory: metrics).record(7)
    try await metrics.flush()
    let first: [String] = [
      #"{"_aws":{"CloudWatchMetrics":[{"Dimensions":[["path"]],"Metrics":["#,
      #"{"Name":"latency","Unit":"Milliseconds"},{"Name":"requests","Unit":"Count"}],"#,
      #""Namespace":"Test"}],"Timestamp":1767225600000},"#,
      #""latency":{"Count":3,"Counts":[2,1],"Max":9,"Min":5,"Sum":19,"Values":[5,9]},"#,
      #""path":"/a","requests":3}"#, "\n",
    ]
    let second: [String] = [
      #"{"_aws":{"CloudWatchMetrics":[{"Dimensions":[[]],"Metrics":[{"Name":"open","Unit":"None"}],"#,
      #""Namespace":"Test"}],"Timestamp":1767225600000},"open":7}"#, "\n",
    ]
    let written = lines.text.withLock { $0 }
    #expect(written == [first.joined(), second.joined()])
  }

  @Test("defines at most a hundred metrics in a line, and no name twice")
  func bounds() async throws {
    let metrics = try backend()
    for number in 0..<250 { Counter(label: "c\(number)", factory: metrics).increment() }
    Counter(label: "same", factory: metrics).increment()
    Gauge(label: "same", factory: metrics).record(2)
    try await metrics.flush()
    let documents = try lines.text.withLock { $0 }.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(documents.count == 4, "the second metric of one name needs a line of its own")
    #expect(documents.map { $0.count - 1 }.max() == 100)
    #expect(documents.compactMap { $0["same"] }.count == 2)
  }

  @Test("keeps lines short, and counts a metric that is called as one of its dimensions")
  func clashes() async throws {
    let metrics = try backend()
    Counter(label: "path", dimensions: [("path", "/a")], factory: metrics).increment()
    Counter(label: "_aws", factory: metrics).increment()
    for number in 0..<20 {
      let recorder = Recorder(label: "r\(number)", factory: metrics)
      for value in 0..<100 { recorder.record(value) }
    }
    try await metrics.flush()
    #expect(metrics.lostCount == 2)
    #expect(lines.text.withLock { $0.count } == 2)
  }
}

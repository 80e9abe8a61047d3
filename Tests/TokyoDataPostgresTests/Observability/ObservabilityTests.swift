import Foundation
import Logging
import MetricsTestKit
import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataPostgres

@Suite("What a pool tells about itself", .timeLimit(.minutes(1)))
struct ObservabilityTests {
  /// Code words in the first column of the guide's tables.
  private func documented() throws -> [String] {
    let guide = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Documentation/Observability.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    // What follows is another module's.
    let ours = try text[..<#require(text.range(of: "\n## Calls to AWS\n")).lowerBound]
    return ours.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
      return String(line.dropFirst(3)[..<end])
    }
  }

  @Test("the guide's tables name the metrics, dimensions and log keys of the code, each once per table")
  func guide() throws {
    let code =
      MetricName.allCases.map(\.rawValue) + MetricDimension.allCases.map(\.rawValue)
      + LogKey.allCases.map(\.rawValue)
    #expect(try documented().sorted() == code.sorted())
  }

  @Test("the guide names every reason for closing a connection")
  func reasons() throws {
    let guide = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Documentation/Observability.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    for reason in CloseReason.allCases { #expect(text.contains("`\(reason.rawValue)`"), "\(reason)") }
  }

  @Test("gauges, counters and timers follow the connections")
  func metrics() async throws {
    let fake = FakePool(2) { $0.name = "orders" }
    let pool = (MetricDimension.poolName.rawValue, "orders")
    func gauge(_ name: MetricName, _ more: (String, String)...) throws -> Double? {
      try fake.metrics.expectGauge(name.rawValue, [pool] + more).lastValue
    }
    func count(_ state: String) throws -> Double? {
      try gauge(.connectionCount, (MetricDimension.state.rawValue, state))
    }
    try await fake.pool.withConnection { _ in
      try await fake.pool.withConnection { _ in
        #expect(try count("used") == 2)
        let waiter = try await fake.waiter()
        #expect(try gauge(.pendingRequests) == 1)
        fake.clock.advance(by: .seconds(2))
        waiter.cancel()
        _ = await waiter.result
        #expect(try gauge(.pendingRequests) == 0)
      }
      #expect(try (count("used"), count("idle")) == (1, 1))
    }
    #expect(try gauge(.connectionMaximum) == 2)
    #expect(try fake.metrics.expectCounter(MetricName.opened.rawValue, [pool]).totalValue == 2)
    #expect(
      try fake.metrics.expectTimer(MetricName.useTime.rawValue, [pool]).values == [
        2_000_000_000, 2_000_000_000,
      ])
    #expect(try fake.metrics.expectTimer(MetricName.waitTime.rawValue, [pool]).values.count == 2)
    #expect(try fake.metrics.expectTimer(MetricName.createTime.rawValue, [pool]).values.count == 2)
    await fake.pool.close()
    #expect(try (count("used"), count("idle")) == (0, 0))
  }

  /// Keeps what was logged.
  final class Log: Sendable {
    private let lines = Mutex<[(Logger.Level, String)]>([])

    func add(_ level: Logger.Level, _ text: String) { lines.withLock { $0.append((level, text)) } }
    var all: [(level: Logger.Level, text: String)] { lines.withLock { $0.map { ($0, $1) } } }
  }

  struct Handler: LogHandler {
    var log: Log
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { log.add(event.level, "\(event.message) \(metadata)") }
  }

  @Test("logs no success above debug, and of a failure neither host nor user")
  func logs() async throws {
    let log = Log()
    let logger = Logger(label: "test", factory: { _ in Handler(log: log) })
    let fake = FakePool(1, logger: logger)
    try await fake.pool.withConnection { $0.spoil() }
    await fake.pool.close()
    #expect(log.all.count == 2)
    #expect(log.all.allSatisfy { $0.level <= .debug })

    let pool = PostgresConnectionPool(
      PostgresConfiguration("host=127.0.0.1 port=1 user=sam password=secret"), logger: logger)
    #expect(await code { try await pool.withConnection { _ in } } == .connectionFailed)
    try await until { log.all.contains { $0.level == .warning } }
    for line in log.all {
      for secret in ["127.0.0.1", "sam", "secret"] { #expect(!line.text.contains(secret), "\(line.text)") }
    }
  }
}

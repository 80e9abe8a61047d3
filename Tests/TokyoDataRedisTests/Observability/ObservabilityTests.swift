import Foundation
import Logging
import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataRedis

@Suite("What a cache in Redis tells about itself")
struct ObservabilityTests {
  /// Keeps what was logged.
  final class Log: Sendable {
    let lines = Mutex<[(level: Logger.Level, text: String)]>([])
  }

  struct Handler: LogHandler {
    var log: Log
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      log.lines.withLock { $0.append((event.level, "\(event.message) \(metadata)")) }
    }
  }

  @Test("logs failures as warnings, without host, user or password")
  func logs() async throws {
    let log = Log()
    let logger = Logger(label: "test", factory: { _ in Handler(log: log) })
    // A port on which nobody listens.
    var configuration = try RedisConfiguration(url: "redis://sam:secret@127.0.0.1:1")
    // However busy the machine is, no call is late, and the pause does not end.
    (configuration.connectTimeout, configuration.commandTimeout) = (.seconds(60), .seconds(60))
    let clock = ManualClock(Day(daysSince1970: 20_000).start)
    try await closing(try RedisCache(configuration, logger: logger, clock: clock)) { cache in
      for _ in 0..<3 {
        #expect(await code { _ = try await cache.get(CacheKey("k")) } == .unavailable)
      }
    }
    let lines = log.lines.withLock { $0 }
    // The last one tells that the closed cache leaves nothing alone any more.
    #expect(lines.map(\.level) == [.warning, .warning, .warning, .debug])
    #expect(lines.map(\.text).count { $0.hasPrefix("no connection to Redis") } == 2)
    #expect(lines.map(\.text).count { $0.hasPrefix("a Redis has failed") } == 1)
    for line in lines {
      for secret in ["127.0.0.1", "sam", "secret"] { #expect(!line.text.contains(secret), "\(line.text)") }
    }
  }

  @Test("the guide's tables name the metrics and dimensions of the code")
  func guide() throws {
    let guide = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Documentation/Observability.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    let start = try #require(text.range(of: "\n## Redis\n")).upperBound
    let end = text.range(of: "\n## ", range: start..<text.endIndex)?.lowerBound ?? text.endIndex
    let documented = text[start..<end].split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
      return String(line.dropFirst(3)[..<end])
    }
    let code =
      MetricName.allCases.map(\.rawValue) + MetricDimension.allCases.map(\.rawValue)
      + LogKey.allCases.map(\.rawValue)
    #expect(documented.sorted() == code.sorted())
  }
}

import Foundation
import MetricsTestKit
import Testing
import TokyoDataTesting

@testable import TokyoDataRouter

@Suite("What a router's cache tells about itself")
struct CacheMetricsTests {
  @Test("the guide's tables name the metrics and dimensions of the code")
  func guide() throws {
    let guide = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Documentation/Observability.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    let start = try #require(text.range(of: "\n## The router's cache\n")).upperBound
    let end = try #require(text.range(of: "\n## ", range: start..<text.endIndex)).lowerBound
    let documented = text[start..<end].split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
      return String(line.dropFirst(3)[..<end])
    }
    #expect(
      documented.sorted()
        == (MetricName.allCases.map(\.rawValue) + MetricDimension.allCases.map(\.rawValue)).sorted())
    let values =
      CacheUse.Outcome.allCases.map(\.rawValue) + PieceOrigin.allCases.map(\.rawValue)
      + CacheCall.allCases.map(\.rawValue)
    for value in values { #expect(text[start..<end].contains("`\(value)`"), "\(value)") }
  }

  @Test("queries, pieces and failures are counted")
  func counts() async throws {
    let metrics = TestMetrics()
    let world = try await CachedWorld(beforeCall: { call in
      if call == .exchange { throw TokyoDataError(.busy, "a test's") }
    })
    let cache = ResultCache(
      world.cache, ResultCaching(clock: world.clock),
      metrics: CacheMetrics(cacheName: "test", factory: metrics))
    let router = Router(hot: world.world.hot, cold: world.cold, resultCache: cache)
    let query = try CachedWorld.sums(0...3)
    func count(_ name: MetricName, _ dimensions: (MetricDimension, String)...) throws -> Int64 {
      try metrics.expectCounter(
        name.rawValue, [(MetricDimension.cacheName.rawValue, "test")] + dimensions.map { ($0.rawValue, $1) }
      ).totalValue
    }
    // Without a lock nothing is known of other processes, so the query reads, and leaves the cache alone.
    #expect(try await router.fetch(query).cache.misses == 4)
    #expect(try count(.cachePieces, (.outcome, "read")) == 4)
    #expect(try count(.cacheFailures, (.operation, "lock"), (.reason, "busy")) == 1)
    #expect(try await router.fetch(query.needing(QueryNeeds(usesCache: false))).cache.outcome == .bypass)
    #expect(try count(.cacheQueries, (.outcome, "bypass")) == 2)
    #expect(try count(.cacheQueries, (.outcome, "hit")) == 0)
  }
}

internal import Metrics
internal import TokyoDataCore

/// Where a day's states came from.
enum PieceOrigin: String, CaseIterable {
  /// The cache.
  case hit
  /// The cold store, read by this query.
  case read
  /// Another query of this process, which had read or found them at that moment.
  case shared
  /// The cold store, as what the cache had was damaged.
  case damaged
}

/// A call of a cache.
enum CacheCall: String, CaseIterable {
  case get, set, lock, unlock
}

/// The metrics of a router's cache, created once.
struct CacheMetrics: Sendable {
  private let queries: [CacheUse.Outcome: Counter]
  private let pieces: [PieceOrigin: Counter]
  private let waitsLost: Counter
  private let failures: @Sendable (CacheCall, String) -> Counter

  init(cacheName: String, factory: any MetricsFactory = MetricsSystem.factory) {
    let name = (MetricDimension.cacheName.rawValue, cacheName)
    func counter(_ metric: MetricName, _ more: (MetricDimension, String)...) -> Counter {
      Counter(
        label: metric.rawValue, dimensions: [name] + more.map { ($0.rawValue, $1) }, factory: factory)
    }
    queries = Dictionary(
      uniqueKeysWithValues: CacheUse.Outcome.allCases.map {
        ($0, counter(.cacheQueries, (.outcome, $0.rawValue)))
      })
    pieces = Dictionary(
      uniqueKeysWithValues: PieceOrigin.allCases.map { ($0, counter(.cachePieces, (.outcome, $0.rawValue))) })
    waitsLost = counter(.cacheWaitsLost)
    // By reason, of which there are many that never come: made when one does.
    failures = { call, reason in
      Counter(
        label: MetricName.cacheFailures.rawValue,
        dimensions: [
          name, (MetricDimension.operation.rawValue, call.rawValue),
          (MetricDimension.reason.rawValue, reason),
        ], factory: factory)
    }
  }

  func noteQuery(_ use: CacheUse) { queries[use.outcome]?.increment() }

  func notePieces(_ origin: PieceOrigin, _ count: Int) {
    if count > 0 { pieces[origin]?.increment(by: count) }
  }

  func noteWaitLost() { waitsLost.increment() }

  func noteFailure(of call: CacheCall, _ reason: String) { failures(call, reason).increment() }
}

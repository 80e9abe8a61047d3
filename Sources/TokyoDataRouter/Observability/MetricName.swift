/// The metrics of this module; `Documentation/Observability.md` has the same table.
enum MetricName: String, CaseIterable {
  /// Counter: queries that read copies, by what the cache did for them.
  case cacheQueries = "tokyodata.cache.queries"
  /// Counter: days' states that queries needed, by where they came from.
  case cachePieces = "tokyodata.cache.pieces"
  /// Counter: calls of the cache that failed, by operation and reason; the queries went on without it.
  case cacheFailures = "tokyodata.cache.failures"
  /// Counter: waits for another process that ended without what was waited for.
  case cacheWaitsLost = "tokyodata.cache.waits.lost"
}

/// The dimensions of metrics.
enum MetricDimension: String, CaseIterable {
  case cacheName = "tokyodata.cache.name"
  case outcome = "tokyodata.cache.outcome"
  case operation = "tokyodata.cache.operation"
  case reason = "tokyodata.reason"
}

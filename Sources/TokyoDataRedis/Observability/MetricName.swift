/// The metrics of this module; `Documentation/Observability.md` has the same table.
///
/// Names are OpenTelemetry's where it has one.
enum MetricName: String, CaseIterable {
  /// Timer: a call of the cache, by operation.
  case operationTime = "db.client.operation.duration"
  /// Gauge: open connections.
  case connectionCount = "db.client.connection.count"
  /// Counter: connections that were opened.
  case opened = "tokyodata.redis.connections.opened"
  /// Counter: attempts to connect that failed.
  case failed = "tokyodata.redis.connections.failed"
  /// Counter: calls of the cache that failed, by the error's code.
  case failures = "tokyodata.redis.failures"
  /// Gauge: servers that are left alone for a moment because they failed.
  case paused = "tokyodata.redis.servers.paused"
}

/// The dimensions of metrics.
enum MetricDimension: String, CaseIterable {
  case system = "db.system.name"
  case operation = "db.operation.name"
  case error = "error.type"
}

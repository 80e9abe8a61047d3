/// The metrics of this module; `Documentation/Observability.md` has the same table.
///
/// Names are OpenTelemetry's where it has one.
enum MetricName: String, CaseIterable {
  /// Gauge: connections by state, `idle` or `used`.
  case connectionCount = "db.client.connection.count"
  /// Gauge: the most connections that the pool may have.
  case connectionMaximum = "db.client.connection.max"
  /// Gauge: the fewest connections that the pool keeps.
  case connectionMinimum = "db.client.connection.idle.min"
  /// Gauge: leases that wait.
  case pendingRequests = "db.client.connection.pending_requests"
  /// Counter: leases that ran out of time.
  case timeouts = "db.client.connection.timeouts"
  /// Timer: opening a connection.
  case createTime = "db.client.connection.create_time"
  /// Timer: from the request to the lease.
  case waitTime = "db.client.connection.wait_time"
  /// Timer: from the lease to its end.
  case useTime = "db.client.connection.use_time"
  /// Counter: connections that were opened.
  case opened = "tokyodata.postgres.connections.opened"
  /// Counter: connections that were closed, by reason.
  case closed = "tokyodata.postgres.connections.closed"
  /// Counter: attempts to connect that failed.
  case failed = "tokyodata.postgres.connections.failed"
  /// Counter: leases refused because too many waited.
  case refused = "tokyodata.postgres.leases.refused"
}

/// The dimensions of metrics.
enum MetricDimension: String, CaseIterable {
  case poolName = "db.client.connection.pool.name"
  case state = "db.client.connection.state"
  case reason = "tokyodata.reason"
}

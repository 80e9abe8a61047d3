internal import Logging

/// The keys of log metadata; `Documentation/Observability.md` has the same table.
enum LogKey: String, CaseIterable {
  case poolName = "db.client.connection.pool.name"
  case error = "tokyodata.error"
  case failures = "tokyodata.failures"
  case reason = "tokyodata.reason"
}

extension Logger {
  /// One that says nothing.
  static var silent: Logger {
    Logger(label: "tokyodata.postgres", factory: { _ in SwiftLogNoOpLogHandler() })
  }

  /// The same logger with one more fact.
  func with(_ key: LogKey, _ value: String) -> Logger {
    var copy = self
    copy[metadataKey: key.rawValue] = .string(value)
    return copy
  }
}

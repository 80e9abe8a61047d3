internal import Logging

/// The keys of log metadata; `Documentation/Observability.md` has the same table.
enum LogKey: String, CaseIterable {
  case error = "tokyodata.error"
}

extension Logger {
  /// One that says nothing.
  static var silent: Logger {
    Logger(label: "tokyodata.redis", factory: { _ in SwiftLogNoOpLogHandler() })
  }

  /// The same logger with one more fact.
  func with(_ key: LogKey, _ value: String) -> Logger {
    var copy = self
    copy[metadataKey: key.rawValue] = .string(value)
    return copy
  }
}

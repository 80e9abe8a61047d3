internal import Logging

/// The handler of one logger.
struct CloudWatchLogHandler: LogHandler {
  let label: String
  let logs: CloudWatchLogs
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, provided in provided } }
    if let given = event.metadata { all.merge(given) { _, given in given } }
    logs.log(
      LogLine(
        level: event.level.rawValue, label: label, source: event.source,
        message: event.message.description, error: event.error.map { "\($0)" },
        metadata: all.isEmpty ? nil : all.mapValues(LogValue.init)))
  }
}

/// Cuts events into the batches that `PutLogEvents` takes.
enum LogBatches {
  /// The most events of a batch.
  static let mostEvents = 10_000
  /// The most bytes of a batch: of each event its message, and `overhead` beside it.
  static let mostBytes = 1_048_576
  static let overhead = 26
  /// From the first event of a batch to its last, a day at most.
  static let longestSpan: Int64 = 86_400_000

  /// The batches, in the order of time; events of the same millisecond stay as they came.
  static func batches(of events: [QueuedLogEvent]) -> [[QueuedLogEvent]] {
    let ordered = events.enumerated().sorted {
      ($0.element.timestamp, $0.offset) < ($1.element.timestamp, $1.offset)
    }
    var batches: [[QueuedLogEvent]] = []
    var batch: [QueuedLogEvent] = []
    var bytes = 0
    for (_, event) in ordered {
      let size = size(of: event)
      if let first = batch.first,
        batch.count == mostEvents || bytes + size > mostBytes
          || event.timestamp.subtractingReportingOverflow(first.timestamp).overflow
          || event.timestamp - first.timestamp >= longestSpan
      {
        batches.append(batch)
        (batch, bytes) = ([], 0)
      }
      batch.append(event)
      bytes += size
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }

  static func size(of event: QueuedLogEvent) -> Int { event.message.utf8.count + overhead }

  /// A message as long as an event may be, cut between characters.
  static func fitting(_ message: String) -> String {
    let most = mostBytes - overhead
    guard message.utf8.count > most else { return message.isEmpty ? " " : message }
    var end = message.utf8.index(message.startIndex, offsetBy: most)
    while end.samePosition(in: message.unicodeScalars) == nil { end = message.utf8.index(before: end) }
    return String(message[..<end])
  }
}

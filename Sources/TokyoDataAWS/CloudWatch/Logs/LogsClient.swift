/// The calls of CloudWatch's logs on one stream.
struct LogsClient: Sendable {
  let client: AWSClient
  let group: String
  let stream: String

  /// Makes group and stream, as far as they are missing.
  func create() async throws {
    struct Group: Encodable { var logGroupName: String }
    struct Stream: Encodable { var logGroupName, logStreamName: String }
    try await unlessThere {
      let _: EmptyAnswer = try await client.call(.createLogGroup, Group(logGroupName: group))
    }
    try await unlessThere {
      let _: EmptyAnswer = try await client.call(
        .createLogStream, Stream(logGroupName: group, logStreamName: stream))
    }
  }

  /// Writes a batch, which is in the order of time.
  ///
  /// - Returns: how many of its events the service did not take: too old, too new.
  func put(_ events: [QueuedLogEvent]) async throws -> Int {
    struct Input: Encodable {
      var logGroupName, logStreamName: String
      var logEvents: [QueuedLogEvent]
    }
    struct Output: Decodable { var rejectedLogEventsInfo: RejectedLogEvents? }
    let output: Output = try await client.call(
      .putLogEvents, Input(logGroupName: group, logStreamName: stream, logEvents: events))
    return output.rejectedLogEventsInfo?.count(of: events.count) ?? 0
  }

  private func unlessThere(_ call: () async throws -> Void) async throws {
    do { try await call() } catch let error as AWSServiceError
      where error.code == "ResourceAlreadyExistsException"
    {}
  }
}

/// An event on its way to CloudWatch.
struct QueuedLogEvent: Hashable, Sendable, Encodable {
  /// Milliseconds since 1970.
  var timestamp: Int64
  var message: String
}

/// Which events of a batch were not taken.
struct RejectedLogEvents: Hashable, Sendable, Decodable {
  /// From here on they lie too far in the future.
  var tooNewLogEventStartIndex: Int?
  /// Up to here they are too old.
  var tooOldLogEventEndIndex: Int?
  /// Up to here they are older than the group keeps.
  var expiredLogEventEndIndex: Int?

  /// How many that are in a batch.
  func count(of total: Int) -> Int {
    let old = min(max(tooOldLogEventEndIndex ?? 0, expiredLogEventEndIndex ?? 0, 0), total)
    let new = min(max(tooNewLogEventStartIndex ?? total, old), total)
    return old + total - new
  }
}

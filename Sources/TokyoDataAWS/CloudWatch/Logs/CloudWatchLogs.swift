public import Logging
public import ServiceLifecycle
public import TokyoDataCore

/// A backend of swift-log that writes into a stream of CloudWatch's logs.
///
/// ```swift
/// let logs = try CloudWatchLogs(group: "/billing/api", stream: hostname, session: session)
/// LoggingSystem.bootstrap(logs.handler)
/// // run `logs` in the service group: it flushes every second, and once more on shutdown
/// ```
///
/// Events are lines of JSON with level, label, source, message, error and metadata. Logging never waits: events go
/// into a queue of bounded size; what finds no room there is dropped, counted, and told of in the log itself.
/// Group and stream are made where they are missing.
public final class CloudWatchLogs: Service {
  let queue: LogQueue
  private let client: LogsClient
  private let interval: Duration
  private let logger: Logger?
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Timestamp

  /// Makes a backend.
  ///
  /// - Parameters:
  ///   - group: The log group.
  ///   - stream: The stream in it, of this process alone or of several.
  ///   - session: Who writes, and where to.
  ///   - interval: The time between two flushes.
  ///   - maximumBytes: The most bytes that wait to be written.
  ///   - logger: Is told by `run` about flushes that failed; one that does not write here.
  ///   - clock: What `run` waits by.
  ///   - now: The calendar; the machine's, if nil.
  /// - Throws: `TokyoDataError.invalidArgument` for names that CloudWatch would refuse.
  public convenience init(
    group: String, stream: String, session: AWSSession, interval: Duration = .seconds(1),
    maximumBytes: Int = 8 << 20, logger: Logger? = nil, clock: any Clock<Duration> = ContinuousClock(),
    now: (@Sendable () -> Timestamp)? = nil
  ) throws(TokyoDataError) {
    try self.init(
      group: group, stream: stream, client: session.client(.cloudWatchLogs), interval: interval,
      maximumBytes: maximumBytes, logger: logger, clock: clock, now: now)
  }

  init(
    group: String, stream: String, client: AWSClient, interval: Duration, maximumBytes: Int, logger: Logger?,
    clock: any Clock<Duration>, now: (@Sendable () -> Timestamp)?
  ) throws(TokyoDataError) {
    guard (1...512).contains(group.utf8.count), group.utf8.allSatisfy(Self.isGroupCharacter) else {
      throw TokyoDataError(.invalidArgument, "a log group's name is 1 to 512 of A–Z, a–z, 0–9 and . - _ / #")
    }
    guard (1...512).contains(stream.utf8.count), !stream.contains(where: { $0 == ":" || $0 == "*" }) else {
      throw TokyoDataError(.invalidArgument, "a log stream's name has 1 to 512 characters, neither : nor *")
    }
    self.client = LogsClient(client: client, group: group, stream: stream)
    self.interval = interval
    self.logger = logger
    self.clock = clock
    self.now = now ?? { .systemNow() }
    queue = LogQueue(capacity: maximumBytes)
  }

  /// The handler of a logger: give it to `LoggingSystem.bootstrap`.
  public func handler(label: String) -> any LogHandler { CloudWatchLogHandler(label: label, logs: self) }

  /// Events that never reached the log.
  public var droppedCount: Int { queue.dropped }

  /// Writes what waits; what CloudWatch will never take is dropped and counted.
  ///
  /// - Throws: `TokyoDataError` for what could not be written, or `CancellationError`; it waits for the next time.
  public func flush() async throws {
    let (events, dropped) = queue.take()
    var batches = LogBatches.batches(of: events + (dropped > 0 ? [note(ofDropped: dropped)] : []))[...]
    var refusal: (any Error)?
    while let batch = batches.first {
      do { queue.drop(try await put(batch)) } catch let error as AWSServiceError
        where error.tokyoDataCode == .invalidArgument
      {
        // It would be refused for ever, and stand in the way of all that comes after it.
        queue.drop(batch.count)
        refusal = error
      } catch {
        queue.putBack(batches.flatMap(\.self))
        throw TokyoDataError.of(error, .init(store: "cloudwatch"))
      }
      batches = batches.dropFirst()
    }
    if let refusal { throw TokyoDataError.of(refusal, .init(store: "cloudwatch")) }
  }

  /// Flushes at the interval until the service ends, and once more on graceful shutdown.
  ///
  /// - Throws: `CancellationError` when the task is canceled: nothing more is sent then.
  public func run() async throws {
    try await flushPeriodically(every: interval, clock, logger) { try await flush() }
  }

  /// Queues an event as of now.
  func log(_ line: LogLine) {
    queue.append(QueuedLogEvent(timestamp: milliseconds, message: LogBatches.fitting(line.text)))
  }

  private var milliseconds: Int64 { now().microsecondsSince1970 / 1_000 }

  private func put(_ batch: [QueuedLogEvent]) async throws -> Int {
    do { return try await client.put(batch) } catch let error as AWSServiceError
      where error.code == "ResourceNotFoundException"
    {
      try await client.create()
      return try await client.put(batch)
    }
  }

  private func note(ofDropped count: Int) -> QueuedLogEvent {
    let line = LogLine(
      level: Logger.Level.warning.rawValue, label: "tokyodata.cloudwatch",
      message: "\(count) log events were dropped", metadata: nil)
    return QueuedLogEvent(timestamp: milliseconds, message: line.text)
  }

  private static func isGroupCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: ".-_/#".utf8.contains(byte)
    }
  }
}

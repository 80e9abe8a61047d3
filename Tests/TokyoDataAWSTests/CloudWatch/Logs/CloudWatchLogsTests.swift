import Logging
import ServiceLifecycleTestKit
import Synchronization
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("CloudWatchLogs")
struct CloudWatchLogsTests {
  static let time = CloudWatchMetricsTests.time

  func backend(
    _ service: ServiceStandIn, maximumBytes: Int = 1 << 20, clock: any Clock<Duration> = ContinuousClock()
  ) throws -> CloudWatchLogs {
    try CloudWatchLogs(
      group: "/test/group", stream: "stream", client: service.client, interval: .seconds(1),
      maximumBytes: maximumBytes, logger: nil, clock: clock, now: { Self.time })
  }

  func logger(_ logs: CloudWatchLogs, _ label: String = "app") -> Logger {
    Logger(label: label, factory: logs.handler)
  }

  @Test("writes lines of JSON with level, label and metadata")
  func writes() async throws {
    let service = ServiceStandIn([:])
    let logs = try backend(service)
    var logger = logger(logs)
    logger[metadataKey: "run"] = "7"
    logger.info(
      "began", error: AWSCredentialError("chain", "no keys"),
      metadata: ["days": ["1", "2"], "by": ["name": "etl"]], source: "ETL")
    logger.debug("unseen")
    try await logs.flush()
    let line =
      #"{\"error\":\"chain: no keys\",\"label\":\"app\",\"level\":\"info\",\"message\":\"began\",\"metadata\":"#
      + #"{\"by\":{\"name\":\"etl\"},\"days\":[\"1\",\"2\"],\"run\":\"7\"},\"source\":\"ETL\"}"#
    let events = #"{"logEvents":[{"message":"\#(line)","timestamp":1767225600000}],"#
    let names = #""logGroupName":"/test/group","logStreamName":"stream"}"#
    #expect(service.calls.map(\.text) == [events + names])
    try await logs.flush()
    #expect(service.calls.count == 1, "nothing logged is nothing sent")
  }

  @Test("makes group and stream where they are missing, also if somebody else is making them")
  func makes() async throws {
    let isThere = Mutex(false)
    let service = ServiceStandIn { call in
      switch call.operation {
      case "CreateLogGroup": return .error("ResourceAlreadyExistsException")
      case "CreateLogStream":
        isThere.withLock { $0 = true }
        return .init("")
      default: return isThere.withLock { $0 } ? .init("{}") : .error("ResourceNotFoundException")
      }
    }
    let logs = try backend(service)
    logger(logs).info("first")
    try await logs.flush()
    #expect(
      service.calls.map(\.operation) == [
        "PutLogEvents", "CreateLogGroup", "CreateLogStream", "PutLogEvents",
      ])
    #expect(logs.droppedCount == 0)
  }

  @Test("drops what finds no room, counts it and says so in the log")
  func drops() async throws {
    let service = ServiceStandIn([:])
    let logs = try backend(service, maximumBytes: 1_000)
    let logger = logger(logs)
    for number in 0..<50 { logger.info("event \(number)") }
    #expect(logs.droppedCount > 30)
    let dropped = logs.droppedCount
    try await logs.flush()
    #expect(service.calls.first?.text.contains("\(dropped) log events were dropped") == true)
    #expect(logs.droppedCount == dropped)
    logger.info("again")
    try await logs.flush()
    #expect(service.calls.last?.text.contains("dropped") == false)
  }

  @Test("keeps what could not be written for the next time")
  func keeps() async throws {
    let isFailing = Mutex(true)
    let service = ServiceStandIn { _ in
      isFailing.withLock { $0 } ? .error("AccessDeniedException") : .init("{}")
    }
    let logs = try backend(service, maximumBytes: 400)
    let logger = logger(logs)
    logger.info("first")
    let error = await #expect(throws: TokyoDataError.self) { try await logs.flush() }
    #expect(error?.cause is AWSServiceError)
    for number in 0..<20 { logger.info("later \(number)") }
    isFailing.withLock { $0 = false }
    try await logs.flush()
    let text = try #require(service.calls.last?.text)
    #expect(text.contains("first"))
    #expect(logs.droppedCount > 0, "the queue stays bounded")
  }

  @Test("drops what would be refused for ever")
  func refusedForEver() async throws {
    let service = ServiceStandIn { call in
      call.text.contains("poison") ? .error("InvalidParameterException") : .init("{}")
    }
    let logs = try backend(service)
    logger(logs).info("poison")
    let error = await #expect(throws: TokyoDataError.self) { try await logs.flush() }
    #expect(error?.code == .invalidArgument)
    #expect(logs.droppedCount == 1)
    logger(logs).info("later")
    try await logs.flush()
    #expect(service.calls.last?.text.contains("later") == true)
  }

  @Test(
    "counts what the service did not take",
    arguments: [
      (#"{"rejectedLogEventsInfo": {"tooOldLogEventEndIndex": 2, "expiredLogEventEndIndex": 1}}"#, 2),
      (#"{"rejectedLogEventsInfo": {"tooNewLogEventStartIndex": 3}}"#, 1),
      (#"{"rejectedLogEventsInfo": {"tooNewLogEventStartIndex": -9, "tooOldLogEventEndIndex": 99}}"#, 4),
      ("{}", 0),
    ])
  func rejected(_ answer: String, _ count: Int) async throws {
    let logs = try backend(ServiceStandIn(["PutLogEvents": answer]))
    for _ in 0..<4 { logger(logs).info("event") }
    try await logs.flush()
    #expect(logs.droppedCount == count)
  }

  @Test(
    "names that CloudWatch would refuse are refused",
    arguments: [
      ("", "s"), ("g g", "s"), ("gé", "s"), ("g", ""), ("g", "a:b"), ("g", "a*"),
    ])
  func names(_ group: String, _ stream: String) {
    let error = #expect(throws: TokyoDataError.self) {
      try CloudWatchLogs(
        group: group, stream: stream, client: ServiceStandIn([:]).client, interval: .seconds(1),
        maximumBytes: 1, logger: nil, clock: ContinuousClock(), now: nil)
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test("what is logged before shutdown is written by it")
  func shutsDown() async throws {
    let service = ServiceStandIn([:])
    let logs = try backend(service, clock: ManualClock(Self.time))
    logger(logs).info("last words")
    try await testGracefulShutdown { trigger in
      trigger.triggerGracefulShutdown()
      try await logs.run()
    }
    #expect(service.calls.last?.text.contains("last words") == true)
  }

  @Test("a run that is canceled in its last flush says so, and the events wait")
  func canceledInShutdown() async throws {
    let service = ServiceStandIn { _ in
      withUnsafeCurrentTask { $0?.cancel() }
      throw CancellationError()
    }
    let logs = try backend(service, clock: ManualClock(Self.time))
    logger(logs).info("last words")
    await #expect(throws: CancellationError.self) {
      try await testGracefulShutdown { trigger in
        trigger.triggerGracefulShutdown()
        try await logs.run()
      }
    }
    #expect(service.calls.count == 1)
    #expect(logs.queue.take().events.map(\.message.isEmpty) == [false])
  }
}

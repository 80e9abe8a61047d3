import Synchronization
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// Our own clock is wrong; the laboratory's is right where nothing else is said.
@Suite("A clock that is an hour off", .timeLimit(.minutes(5)))
struct ClockFaultTests {
  /// By how many seconds our clock is ahead.
  enum Clock: Int64, CaseIterable {
    case slow = -3_600
    case fast = 3_600

    @Sendable func now() -> Timestamp { .systemNow().adding(microseconds: rawValue * 1_000_000) }
  }

  private let transport = CountedTransport()

  private func client(_ clock: Clock, change: (inout AWSSettings) throws -> Void = { _ in }) throws
    -> AWSClient
  {
    let usual = try Laboratory.client()
    var settings = usual.settings
    try change(&settings)
    return AWSClient(
      settings: settings, credentials: usual.credentials, transport: transport,
      time: ClientTime(clock: InstantClock(), now: clock.now))
  }

  /// One request of a service, if all is well.
  private func call(_ service: AWSService, _ client: AWSClient, _ bucket: String = "absent") async throws {
    struct Metrics: Encodable {
      var namespace = JSONLaboratory.newName("ns")
      var metricData = [["MetricName": "clock"]]
    }
    switch service {
    case .s3: _ = try await S3Client(client: client, bucket: bucket).headBucket()
    case .glue: _ = try await GlueClient(client: client, database: JSONLaboratory.newName("db")).hasDatabase()
    case .athena: _ = try await AthenaClient(client: client).workGroup("primary")
    case .sts: _ = try await STSClient(client: client).callerIdentity()
    case .cloudWatch: let _: EmptyAnswer = try await client.call(.putMetricData, Metrics())
    case .cloudWatchLogs:
      let _: EmptyAnswer = try await client.call(
        .createLogGroup, ["logGroupName": JSONLaboratory.newName("group")])
    }
  }

  @Test(
    "costs the first call of a service one more request, and later calls none",
    arguments: AWSService.allCases, Clock.allCases)
  func services(_ service: AWSService, _ clock: Clock) async throws {
    let client = try client(clock)
    for requests in [2, 1, 1] {
      try await call(service, client)
      #expect(transport.take() == requests)
    }
  }

  @Test("costs each of many first calls one more request at most", arguments: Clock.allCases)
  func together(_ clock: Clock) async throws {
    let client = try client(clock)
    try await withThrowingTaskGroup { group in
      for number in 0..<32 { group.addTask { try await call(number % 2 == 0 ? .s3 : .glue, client) } }
      try await group.waitForAll()
    }
    #expect((33...64).contains(transport.take()))
    try await call(.athena, client)
    #expect(transport.take() == 1)
  }

  @Test("is another's for each host: what one tells is not held against the other")
  func hosts() async throws {
    let agent = "clocks-" + WriteMark().text
    let client = try client(.slow) { settings in
      settings.userAgent = agent
      settings.endpoints.custom[.athena] = EndpointURL("http://localhost:\(try Laboratory.port())")
    }
    // The laboratory's clock goes an hour back for Glue, and an hour ahead for Athena.
    let rules: [[String: any Sendable]] = [
      ["operation": "glue:*", "kind": "clock_skew", "seconds": -3_600, "target": agent],
      ["operation": "athena:*", "kind": "clock_skew", "seconds": 3_600, "target": agent],
    ]
    try await Laboratory.withFaults(rules) {
      for (service, requests) in [(AWSService.glue, 1), (.athena, 2), (.glue, 1), (.athena, 1), (.glue, 1)] {
        try await call(service, client)
        #expect(transport.take() == requests, "\(service)")
      }
    }
  }

  @Test("does not spoil a link, once a call has learned of it", arguments: Clock.allCases)
  func links(_ clock: Clock) async throws {
    let bench = try await S3Bench()
    let store = try S3ObjectStore(
      bucket: bench.bucket, prefix: nil, client: client(clock), options: S3ObjectStoreOptions())
    let key = try ObjectKey("x")
    #expect(try await status(of: store.presignedGet(key, for: .seconds(600))) == 403)
    try await store.put([1], as: key)
    let link = try await store.presignedGet(key, for: .seconds(600))
    #expect(try await status(of: link) == 200)
    // When it ends is told by our own clock, which is the one that the caller looks at.
    #expect((595_000_000...600_000_000).contains(clock.now().microseconds(until: link.expiration)))
  }

  private func status(of link: S3Link) async throws -> Int {
    let url = try #require(MetadataURL(link.url))
    return try await transport.send(HTTPRequest(.get, url), within: HTTPLimits()) { head, _ in head.status }
  }

  /// The service that refuses the time, and how.
  enum Refusal: CaseIterable {
    case s3, glue

    func reply(_ date: String?) -> ScriptedTransport.Reply {
      let headers = date.map { [("Date", $0)] } ?? []
      return switch self {
      case .s3: .answer(403, headers, "<Error><Code>RequestTimeTooSkewed</Code></Error>")
      case .glue:
        .answer(400, headers, #"{"__type": "InvalidSignatureException", "message": "Signature expired"}"#)
      }
    }

    func call(_ client: AWSClient) async throws {
      switch self {
      case .s3:
        _ = try await S3ObjectStore(
          bucket: "lake", prefix: nil, client: client, options: S3ObjectStoreOptions()
        ).get(ObjectKey("x"))
      case .glue:
        _ = try await GlueCatalog(
          database: "db", bucket: "lake", layout: LakeLayout(), client: client, clock: HurriedClock()
        ).shown(of: GlueScenario.dataset())
      }
    }
  }

  @Test(
    "of which the service tells nothing that can be read is a typed error at once",
    arguments: Refusal.allCases,
    [nil, "", "0", "an hour later", "Thu, 99 Nov 2026 02:00:00 GMT", "Thu, 26 Nov 2026 25:61:61 GMT"])
  func noDate(_ refusal: Refusal, _ date: String?) async throws {
    let transport = ScriptedTransport(refusal.reply(date), .ok)
    let error = await #expect(throws: TokyoDataError.self) {
      try await refusal.call(AWSClient.standIn(transport))
    }
    #expect(error?.code == .permissionDenied)
    #expect(transport.seen.count == 1)
  }

  @Test("that a host told wrong once is learned anew from its next refusal", arguments: Refusal.allCases)
  func nonsenseOnce(_ refusal: Refusal) async throws {
    let right = refusal.reply("Thu, 26 Nov 2026 03:00:00 GMT")
    let transport = ScriptedTransport(
      refusal.reply("Fri, 31 Dec 9999 23:59:59 GMT"), right, right, .answer(404, [], Self.absent))
    let client = AWSClient(
      settings: AWSSettings(region: "eu-west-1"), credentials: FixedCredentials(), transport: transport,
      time: ClientTime(clock: InstantClock(), now: { Timestamp("2026-11-26T02:00:00Z") ?? .systemNow() }))
    let refused = await #expect(throws: TokyoDataError.self) { try await refusal.call(client) }
    #expect(refused?.code == .permissionDenied)
    // The answer to a request that was taken.
    _ = try? await refusal.call(client)
    #expect(
      transport.headers("x-amz-date")
        == ["20261126T020000Z", "99991231T235959Z", "99991231T235959Z", "20261126T030000Z"])
  }

  private static let absent = #"{"__type": "EntityNotFoundException"}"#
}

/// Counts what it sends.
private final class CountedTransport: HTTPTransport {
  private let transport = CurlTransport(.direct)
  private let count = Mutex(0)

  /// How many requests went out since the last time.
  func take() -> Int {
    count.withLock { count in
      defer { count = 0 }
      return count
    }
  }

  func send<Result>(
    _ request: HTTPRequest, within limits: HTTPLimits,
    _ consume: (HTTPResponse, any HTTPResponseBody) async throws -> Result
  ) async throws -> Result {
    count.withLock { $0 += 1 }
    return try await transport.send(request, within: limits, consume)
  }
}

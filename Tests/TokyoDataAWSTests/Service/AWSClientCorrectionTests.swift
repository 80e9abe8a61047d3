import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("What the client puts right")
struct AWSClientCorrectionTests {
  private static let get = AWSOperation(.s3, "GetObject", .never)

  private func client(
    _ transport: ScriptedTransport, _ credentials: any AWSCredentialProvider = TurningCredentials("first"),
    attempts: Int = 1, dualstack: Bool = false
  ) throws -> AWSClient {
    var settings = AWSSettings(region: "eu-west-1")
    settings.maximumAttempts = attempts
    settings.endpoints.usesDualstack = dualstack
    let now = try #require(Timestamp("2026-11-26T02:00:00Z"))
    return AWSClient(
      settings: settings, credentials: credentials, transport: transport,
      time: ClientTime(clock: NotedPauses(), now: { now }, random: { 0.5 }))
  }

  private func call(_ bucket: String? = "lake") -> AWSCall {
    var call = AWSCall(Self.get)
    call.method = .get
    call.bucket = bucket
    return call
  }

  private static let hourLater = ("Date", "Thu, 26 Nov 2026 03:00:00 GMT")

  private static func error(_ code: String) -> String { "<Error><Code>\(code)</Code></Error>" }

  @Test("A clock that is wrong is noticed once, and the host's other requests are signed with its time")
  func clock() async throws {
    let transport = ScriptedTransport(
      .answer(403, [Self.hourLater], Self.error("RequestTimeTooSkewed")), .ok, .ok, .ok)
    let client = try client(transport)
    _ = try await client.send(call())
    _ = try await client.send(call())
    _ = try await client.send(call("other"))
    #expect(
      transport.headers("x-amz-date")
        == ["20261126T020000Z", "20261126T030000Z", "20261126T030000Z", "20261126T020000Z"])
    // Not a try of its own.
    #expect(Set(transport.headers("amz-sdk-request")) == ["attempt=1; max=1"])
  }

  @Test("A clock that is said to be wrong twice is an error")
  func clockTwice() async throws {
    let reply = ScriptedTransport.Reply.answer(403, [Self.hourLater], Self.error("RequestTimeTooSkewed"))
    let transport = ScriptedTransport(reply, reply, .ok)
    let error = await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    #expect(error?.code == "RequestTimeTooSkewed" && error?.attempts == 2)
  }

  @Test("A signature that is refused is made again only where the clocks differ by minutes")
  func signature() async throws {
    let skewed = ScriptedTransport(.answer(403, [Self.hourLater], Self.error("SignatureDoesNotMatch")), .ok)
    _ = try await client(skewed).send(call())
    for headers in [[("Date", "Thu, 26 Nov 2026 02:03:59 GMT")], [("Date", "today")], []] {
      let transport = ScriptedTransport(.answer(403, headers, Self.error("SignatureDoesNotMatch")), .ok)
      await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    }
  }

  @Test("HEAD is refused without words: then, too, the clock may be the reason")
  func head() async throws {
    let transport = ScriptedTransport(.answer(403, [Self.hourLater]), .ok)
    _ = try await client(transport).send(call())
    let plain = ScriptedTransport(.answer(403, [("Date", "Thu, 26 Nov 2026 02:00:01 GMT")]), .ok)
    let error = await #expect(throws: AWSServiceError.self) { try await client(plain).send(call()) }
    #expect(error?.code == "Forbidden")
  }

  @Test(
    "Keys that have ended are asked for again, once",
    arguments: [(400, error("ExpiredToken")), (403, #"{"__type":"ExpiredTokenException"}"#), (400, "")])
  func credentials(status: Int, body: String) async throws {
    let keys = TurningCredentials("first", "second")
    let transport = ScriptedTransport(.answer(status, [], body), .ok)
    _ = try await client(transport, keys).send(call())
    #expect(transport.headers("x-amz-security-token") == ["token-first", "token-second"])
    let again = ScriptedTransport(.answer(status, [], body), .answer(status, [], body), .ok)
    let turning = TurningCredentials("first", "second", "third")
    await #expect(throws: AWSServiceError.self) { try await client(again, turning).send(call()) }
    #expect(turning.refreshes == 1)
  }

  @Test("Keys that have no successor are not tried again")
  func lastingKeys() async throws {
    let transport = ScriptedTransport(.answer(400, [], Self.error("ExpiredToken")), .ok)
    await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    #expect(transport.seen.count == 1)
  }

  @Test(
    "A bucket that is elsewhere is found there, now and later",
    arguments: [
      (301, [("x-amz-bucket-region", "us-west-2")], error("PermanentRedirect")),
      (307, [("x-amz-bucket-region", "us-west-2")], error("TemporaryRedirect")),
      (400, [], "<Error><Code>AuthorizationHeaderMalformed</Code><Region>us-west-2</Region></Error>"),
      (301, [("x-amz-bucket-region", "us-west-2")], ""), (400, [("x-amz-bucket-region", "us-west-2")], ""),
    ])
  func region(status: Int, headers: [(String, String)], body: String) async throws {
    let transport = ScriptedTransport(.answer(status, headers, body), .ok, .ok, .ok)
    let client = try client(transport)
    _ = try await client.send(call())
    _ = try await client.send(call())
    _ = try await client.send(call("other"))
    #expect(
      transport.seen.map(\.origin.host) == [
        "lake.s3.eu-west-1.amazonaws.com", "lake.s3.us-west-2.amazonaws.com",
        "lake.s3.us-west-2.amazonaws.com", "other.s3.eu-west-1.amazonaws.com",
      ])
    #expect(transport.headers("authorization")[1]?.contains("/us-west-2/s3/") == true)
  }

  @Test(
    "A region that is none, or the same, is not followed",
    arguments: ["eu-west-1", "evil.example/", "", "us west"])
  func badRegion(region: String) async throws {
    let transport = ScriptedTransport(
      .answer(301, [("x-amz-bucket-region", region)], Self.error("PermanentRedirect")), .ok)
    let error = await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    #expect(error?.code == "PermanentRedirect")
  }

  @Test("A region is followed once for a call")
  func circle() async throws {
    func reply(_ region: String) -> ScriptedTransport.Reply {
      .answer(301, [("x-amz-bucket-region", region)], Self.error("PermanentRedirect"))
    }
    let transport = ScriptedTransport(reply("us-west-2"), reply("eu-west-1"), .ok)
    await #expect(throws: AWSServiceError.self) { try await client(transport).send(call()) }
    #expect(transport.seen.count == 2)
  }
}

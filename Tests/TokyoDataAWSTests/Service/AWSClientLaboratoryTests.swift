import Foundation
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("The client at the laboratory")
struct AWSClientLaboratoryTests {
  private let transport = CurlTransport()
  private let pauses = NotedPauses()
  /// Its name keeps the faults of one test from the requests of another.
  private let bucket = "client-\(UInt64.random(in: 0 ... .max))"

  private func client(
    secret: String? = nil, refreshing: Bool = false, endpoint: String? = nil
  ) throws -> AWSClient {
    var configuration = AWSConfiguration(region: try Laboratory.variable("TOKYO_TEST_AWS_REGION"))
    configuration.endpointURL = try endpoint ?? Laboratory.variable("TOKYO_TEST_AWS_ENDPOINT_URL")
    let keys = AWSCredentials(
      accessKeyID: try Laboratory.variable("TOKYO_TEST_AWS_ACCESS_KEY_ID"),
      secretAccessKey: try secret ?? Laboratory.variable("TOKYO_TEST_AWS_SECRET_ACCESS_KEY"))
    let provider: any AWSCredentialProvider = refreshing ? RenewedCredentials(keys) : StaticCredentials(keys)
    return AWSClient(
      settings: try AWSSettings(configuration, AWSSettingSources()), credentials: provider,
      transport: transport, time: ClientTime(clock: pauses))
  }

  /// The same keys again, with another end.
  private struct RenewedCredentials: RefreshableCredentials {
    let name = "renewed"
    let keys: AWSCredentials
    init(_ keys: AWSCredentials) { self.keys = keys }
    func credentials() async throws -> AWSCredentials { keys }
    func refresh(after stale: AWSCredentials) async throws -> AWSCredentials {
      var keys = keys
      keys.expiration = Timestamp(microsecondsSince1970: .max)
      return keys
    }
  }

  private func call(
    _ name: String, _ method: HTTPMethod, _ path: String = "/", _ text: String = "",
    _ repetition: AWSOperation.Repetition = .harmless
  ) -> AWSCall {
    var call = AWSCall(AWSOperation(.s3, name, repetition))
    call.method = method
    call.bucket = bucket
    call.path = path
    if !text.isEmpty { call.body = .bytes([Array(text.utf8)[...]]) }
    return call
  }

  private func createBucket(_ client: AWSClient) async throws {
    var call = call("CreateBucket", .put)
    let place = XMLElement("LocationConstraint", client.settings.region)
    call.body = .bytes([XMLElement("CreateBucketConfiguration", [place]).document()[...]])
    _ = try await client.send(call)
  }

  private func json(_ service: AWSService, _ target: String, _ body: String = "{}") -> AWSCall {
    var call = AWSCall(AWSOperation(service, target.split(separator: ".").last.map(String.init) ?? ""))
    call.headers["content-type"] = "application/x-amz-json-1.1"
    call.headers["x-amz-target"] = target
    call.body = .bytes([Array(body.utf8)[...]])
    return call
  }

  private func query(_ service: AWSService, _ body: String) -> AWSCall {
    var call = AWSCall(AWSOperation(service, "Query"))
    call.headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
    call.body = .bytes([Array(body.utf8)[...]])
    return call
  }

  private func text(_ answer: AWSAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

  @Test(
    "Keys of every kind arrive as they are, and the signature of each is accepted",
    arguments: [
      "/plain", "/a//b", "/a/../b/./c", "/..", "/é/東京/🗼", "/a b+c%20d%2Fe", "/&=?#;:@$,!*'()~-._",
      "/\"<>\\^`{|}",
      "/tab\tnew\nline", "/a//", "//", "/a/ ",
    ])
  func keys(path: String) async throws {
    let client = try client()
    try await createBucket(client)
    _ = try await client.send(call("PutObject", .put, path, "text of \(path)"))
    #expect(try await text(client.send(call("GetObject", .get, path))) == "text of \(path)")
    var list = call("ListObjectsV2", .get)
    list.query = [("list-type", "2"), ("encoding-type", "url"), ("prefix", String(path.dropFirst()))]
    let document = try XMLElement(reading: await client.send(list).body)
    let key = URIEncoding.decode(document["Contents"]?["Key"]?.text ?? "")
    // Listings write a space as a plus, as forms do.
    #expect(
      String(decoding: key, as: UTF8.self).replacing("+", with: " ")
        == String(path.dropFirst()).replacing("+", with: " "))
  }

  @Test("Every service accepts our signature")
  func services() async throws {
    let client = try client()
    #expect(try await text(client.send(json(.glue, "AWSGlue.GetDatabases"))).contains("DatabaseList"))
    #expect(try await text(client.send(json(.athena, "AmazonAthena.ListWorkGroups"))).contains("primary"))
    let identity = query(.sts, "Action=GetCallerIdentity&Version=2011-06-15")
    #expect(try await text(client.send(identity)).contains("123456789012"))
    let metrics = query(.cloudWatch, "Action=ListMetrics&Version=2010-08-01")
    #expect(try await text(client.send(metrics)).contains("ListMetricsResult"))
    let groups = json(.cloudWatchLogs, "Logs_20140328.DescribeLogGroups")
    #expect(try await text(client.send(groups)).contains("logGroups"))
  }

  @Test("Every service refuses the signature of another secret, and its words are understood")
  func wrongSecret() async throws {
    let client = try client(secret: "wrong")
    for call in [
      call("GetObject", .get, "/a"), json(.glue, "AWSGlue.GetDatabases"),
      json(.athena, "AmazonAthena.ListWorkGroups"),
      query(.sts, "Action=GetCallerIdentity&Version=2011-06-15"),
      query(.cloudWatch, "Action=ListMetrics&Version=2010-08-01"),
      json(.cloudWatchLogs, "Logs_20140328.DescribeLogGroups"),
    ] {
      let error = await #expect(throws: AWSServiceError.self) { try await client.send(call) }
      #expect(
        ["SignatureDoesNotMatch", "InvalidSignatureException"].contains(error?.code ?? ""),
        "\(call.operation.service)")
      #expect(error?.attempts == 1 && error?.status == 403)
    }
  }

  @Test("Errors of each form have code, message and request id")
  func errors() async throws {
    let client = try client()
    let missing = await #expect(throws: AWSServiceError.self) {
      try await client.send(call("GetObject", .get, "/a"))
    }
    #expect(missing?.code == "NoSuchBucket" && missing?.status == 404 && missing?.requestID?.isEmpty == false)
    let head = await #expect(throws: AWSServiceError.self) {
      try await client.send(call("HeadObject", .head, "/a"))
    }
    #expect(head?.code == "NotFound" && head?.status == 404)
    let table = await #expect(throws: AWSServiceError.self) {
      try await client.send(json(.glue, "AWSGlue.GetTable", #"{"DatabaseName":"no","Name":"no"}"#))
    }
    #expect(table?.code == "EntityNotFoundException" && table?.message?.isEmpty == false)
    let execution = await #expect(throws: AWSServiceError.self) {
      try await client.send(
        json(.athena, "AmazonAthena.GetQueryExecution", #"{"QueryExecutionId":"no"}"#))
    }
    #expect(execution?.code == "InvalidRequestException")
  }

  @Test(
    "A failure is got over within three tries",
    arguments: [
      ["kind": "throttle", "times": 2],
      ["kind": "status", "status": 500, "code": "InternalError", "times": 2],
      ["kind": "status", "status": 503, "code": "ServiceUnavailable", "times": 1],
      ["kind": "cut", "when": "before", "times": 2], ["kind": "cut", "when": "after", "times": 2],
      ["kind": "cut", "when": "body", "at": 2, "times": 2],
      // Once for the request, once for the same request signed anew: for it the clock is still the same.
      ["kind": "clock_skew", "seconds": 3600, "times": 2],
      ["kind": "clock_skew", "seconds": -3600, "times": 2],
      ["kind": "expired_token", "times": 1],
    ] as [[String: any Sendable]])
  func faults(rule: [String: any Sendable]) async throws {
    let client = try client(refreshing: true)
    try await createBucket(client)
    _ = try await client.send(call("PutObject", .put, "/key", "the text"))
    let rule = rule.merging(["operation": "s3:GetObject", "target": bucket]) { $1 }
    let found = try await Laboratory.withFaults([rule]) {
      try await text(client.send(call("GetObject", .get, "/key")))
    }
    #expect(found == "the text")
  }

  @Test("What was not carried out may be sent again though it must not be done twice; what may be is not")
  func never() async throws {
    let client = try client()
    try await createBucket(client)
    for (rule, goesOn) in [
      (["kind": "throttle", "times": 1], true), (["kind": "status", "status": 500, "times": 1], false),
      (["kind": "cut", "when": "after", "times": 1], false),
    ] as [([String: any Sendable], Bool)] {
      let rule = rule.merging(["operation": "s3:PutObject", "target": bucket]) { $1 }
      try await Laboratory.withFaults([rule]) {
        let put = call("PutObject", .put, "/key", "text", .never)
        if goesOn {
          _ = try await client.send(put)
        } else {
          await #expect(throws: (any Error).self) { try await client.send(put) }
        }
      }
    }
  }

  @Test("Nobody listens: three tries with pauses, then the error says so")
  func down() async throws {
    let client = try client(endpoint: "http://127.0.0.1:1")
    let error = await #expect(throws: HTTPError.self) { try await client.send(call("GetObject", .get, "/a")) }
    #expect(error?.code == .cannotConnect)
    #expect(pauses.pauses.count == 2)
  }

  @Test("A link is good without keys, until it ends")
  func link() async throws {
    let client = try client()
    try await createBucket(client)
    _ = try await client.send(call("PutObject", .put, "/a b", "the text"))
    let keys = try await client.credentials.credentials()
    let endpoint = try EndpointRules(client.settings.endpoints)
      .endpoint(.s3, region: client.settings.region, bucket: bucket)
    for (age, status) in [(0, 200), (-700, 403)] {
      var form = RequestSigner.Form(
        region: endpoint.region, service: "s3",
        time: Timestamp.systemNow().adding(microseconds: Int64(age) * 1_000_000))
      form.path = .asSent
      form.payload = .unsigned
      var request = HTTPRequest(
        method: .get, origin: endpoint.origin, path: endpoint.path + "/a%20b", query: "x-id=GetObject")
      RequestSigner().presign(&request, as: form, with: keys, expiresIn: 600)
      let found = try await transport.send(request, within: HTTPLimits()) { response, _ in response.status }
      #expect(found == status)
    }
  }

  @Test("A session made of the environment works until it is closed")
  func session() async throws {
    var configuration = AWSConfiguration(region: try Laboratory.variable("TOKYO_TEST_AWS_REGION"))
    configuration.endpointURL = try Laboratory.variable("TOKYO_TEST_AWS_ENDPOINT_URL")
    let keys = StaticCredentials(
      accessKeyID: try Laboratory.variable("TOKYO_TEST_AWS_ACCESS_KEY_ID"),
      secretAccessKey: try Laboratory.variable("TOKYO_TEST_AWS_SECRET_ACCESS_KEY"))
    let session = try AWSSession(configuration, credentials: keys)
    let identity = query(.sts, "Action=GetCallerIdentity&Version=2011-06-15")
    #expect(try await text(session.client(.sts).send(identity)).contains("123456789012"))
    #expect(session.region == configuration.region)
    await session.close()
    let error = await #expect(throws: HTTPError.self) { try await session.client(.sts).send(identity) }
    #expect(error?.code == .closed)
  }
}

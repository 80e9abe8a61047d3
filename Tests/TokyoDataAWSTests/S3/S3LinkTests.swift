import Foundation
import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Links to objects")
struct S3LinkTests {
  private static func now() throws -> Timestamp { try #require(Timestamp("2026-11-26T02:00:00Z")) }

  private func store(
    _ credentials: any AWSCredentialProvider, microseconds: Int64 = 0,
    _ change: (inout S3ObjectStoreOptions) -> Void = { _ in }
  ) throws -> S3ObjectStore {
    let now = try Self.now().adding(microseconds: microseconds)
    let client = AWSClient(
      settings: AWSSettings(region: "eu-west-1"), credentials: credentials, transport: ScriptedTransport(),
      time: ClientTime(now: { now }))
    var options = S3ObjectStoreOptions()
    change(&options)
    return try S3ObjectStore(bucket: "lake", prefix: "a", client: client, options: options)
  }

  private static let keys = StaticCredentials(accessKeyID: "id", secretAccessKey: "secret")

  @Test("A link is good from a second to seven days, and for nothing else")
  func bounds() async throws {
    let store = try store(Self.keys)
    let key = try ObjectKey("b")
    let now = try Self.now()
    for validity in [Duration.zero, .milliseconds(999), .seconds(-1), .seconds(604_801)] {
      let error = await #expect(throws: TokyoDataError.self) {
        try await store.presignedGet(key, for: validity)
      }
      #expect(error?.code == .invalidArgument)
    }
    for seconds in [1, 604_800] {
      let link = try await store.presignedGet(key, for: .seconds(seconds))
      #expect(link.url.contains("X-Amz-Date=20261126T020000Z"))
      #expect(link.url.contains("X-Amz-Expires=\(seconds)&"))
      #expect(link.expiration == now.adding(microseconds: Int64(seconds) * 1_000_000))
    }
  }

  @Test("A link ends with the whole second that its signature counts from")
  func wholeSeconds() async throws {
    let link = try await store(Self.keys, microseconds: 999_999).presignedGet(
      ObjectKey("b"), for: .seconds(60))
    #expect(link.url.contains("X-Amz-Date=20261126T020000Z"))
    #expect(link.expiration == (try Self.now()).adding(microseconds: 60_000_000))
  }

  @Test("A link has the token of temporary keys and ends with them, and no description shows it")
  func token() async throws {
    let end = try Self.now().adding(microseconds: 60_000_000)
    struct Temporary: AWSCredentialProvider {
      let name = "temporary"
      let end: Timestamp
      func credentials() async throws -> AWSCredentials {
        AWSCredentials(accessKeyID: "id", secretAccessKey: "secret", sessionToken: "to/ken", expiration: end)
      }
    }
    let link = try await store(Temporary(end: end)).presignedGet(ObjectKey("b"), for: .seconds(600))
    #expect(link.url.hasPrefix("https://lake.s3.eu-west-1.amazonaws.com/a/b?x-id=GetObject&"))
    #expect(link.url.contains("X-Amz-Security-Token=to%2Fken&"))
    #expect(link.expiration == end && link.headers.isEmpty && link.method == "GET")
    for text in ["\(link)", String(reflecting: link), "\(Mirror(reflecting: link).children.map(\.value))"] {
      #expect(!text.contains("lake") && !text.contains("ken"), "\(text)")
    }
  }

  @Test("A link to write names the headers that are signed")
  func headers() async throws {
    let store = try store(Self.keys) { $0.encryption = .s3Keys }
    let link = try await store.presignedPut(ObjectKey("b"), for: .seconds(60))
    #expect(link.headers == ["if-none-match": "*", "x-amz-server-side-encryption": "AES256"])
    #expect(
      link.url.contains("X-Amz-SignedHeaders=host%3Bif-none-match%3Bx-amz-server-side-encryption&"))
  }

  /// A client that knows nothing of AWS.
  private func send(_ link: S3Link, _ body: String? = nil) async throws -> (status: Int?, text: String) {
    var request = URLRequest(url: try #require(URL(string: link.url)))
    request.httpMethod = link.method
    for (name, value) in link.headers { request.setValue(value, forHTTPHeaderField: name) }
    request.httpBody = body.map { Data($0.utf8) }
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode, String(decoding: data, as: UTF8.self))
  }

  enum Server: String, CaseIterable { case laboratory = "AWS", rclone = "RCLONE" }

  private func store(_ server: Server, hoursLate: Int64 = 0) async throws -> S3ObjectStore {
    func variable(_ name: String) throws -> String {
      try Laboratory.variable("TOKYO_TEST_\(server.rawValue)_\(name)")
    }
    var configuration = AWSConfiguration(
      region: server == .rclone ? "us-east-1" : try variable("REGION"))
    configuration.endpointURL = try variable("ENDPOINT_URL")
    let client = AWSClient(
      settings: try AWSSettings(configuration, AWSSettingSources()),
      credentials: StaticCredentials(
        accessKeyID: try variable("ACCESS_KEY_ID"), secretAccessKey: try variable("SECRET_ACCESS_KEY")),
      transport: CurlTransport(),
      time: ClientTime(now: { Timestamp.systemNow().adding(microseconds: -hoursLate * 3_600_000_000) }))
    let bucket = server == .rclone ? try variable("BUCKET") : try await S3Bench().bucket
    return try S3ObjectStore(
      bucket: bucket, prefix: "links-" + WriteMark().text, client: client, options: S3ObjectStoreOptions())
  }

  @Test("A client without keys writes and reads by links", arguments: Server.allCases)
  func plainClient(_ server: Server) async throws {
    let store = try await store(server)
    let key = try ObjectKey("a b+é")
    let put = try await store.presignedPut(key, for: .seconds(60))
    #expect(try await send(put, "the text").status == 200)
    let found = try await send(try await store.presignedGet(key, for: .seconds(60)))
    #expect(found.status == 200 && found.text == "the text")
    #expect(try await store.get(key) == Array("the text".utf8))
    var forged = try await store.presignedGet(key, for: .seconds(60))
    forged.url = forged.url.replacing("X-Amz-Expires=60&", with: "X-Amz-Expires=6000&")
    #expect(try await send(forged).status == 403)
  }

  @Test("A link that has ended is refused", arguments: Server.allCases)
  func ended(_ server: Server) async throws {
    let store = try await store(server, hoursLate: 1)
    let key = try ObjectKey("late")
    // rclone says AccessDenied as S3 does, with a status of its own.
    let refusal = server == .rclone ? 400 : 403
    #expect(try await send(try await store.presignedPut(key, for: .seconds(60)), "no").status == refusal)
    #expect(try await send(try await store.presignedGet(key, for: .seconds(60))).status == refusal)
  }

  @Test("A link does not replace an object")
  func taken() async throws {
    let store = try await store(.laboratory)
    let key = try ObjectKey("taken")
    let put = try await store.presignedPut(key, for: .seconds(60))
    #expect(try await send(put, "first").status == 200)
    #expect(try await send(put, "second").status == 412)
    var bare = put
    bare.headers = [:]
    #expect(try await send(bare, "third").status == 403)
    #expect(try await store.get(key) == Array("first".utf8))
  }
}

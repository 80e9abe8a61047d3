import Foundation
import Testing

@testable import TokyoDataAWS

@Suite("STS of the laboratory", .timeLimit(.minutes(2)))
struct STSLaboratoryTests {
  private static func variable(_ name: String) throws -> String {
    try #require(ProcessInfo.processInfo.environment[name], "\(name) is not set: run Tests/run")
  }

  private let settings: AWSSettings
  private let keys: StaticCredentials

  init() throws {
    let region = try Self.variable("TOKYO_TEST_AWS_REGION")
    var configuration = AWSConfiguration(region: region)
    configuration.endpointURL = try Self.variable("TOKYO_TEST_AWS_ENDPOINT_URL")
    settings = try AWSSettings(configuration, AWSSettingSources())
    keys = StaticCredentials(
      accessKeyID: try Self.variable("TOKYO_TEST_AWS_ACCESS_KEY_ID"),
      secretAccessKey: try Self.variable("TOKYO_TEST_AWS_SECRET_ACCESS_KEY"))
  }

  private func client(_ provider: any AWSCredentialProvider) -> STSClient {
    STSClient(
      client: AWSClient(
        settings: settings, credentials: provider, transport: CurlTransport(CurlConfiguration())))
  }

  @Test("The keys of a role sign, with their token only")
  func role() async throws {
    #expect(try await client(keys).callerIdentity().account == "123456789012")
    let role = RoleRequest(
      arn: "arn:aws:iam::123456789012:role/reader", sessionName: "night-run",
      externalID: "a+b=c,d", seconds: 900)
    let assumed = try await client(keys).assumeRole(role)
    let end = try #require(assumed.expiration)
    let life = Timestamp.systemNow().microseconds(until: end)
    #expect((800_000_000...1_000_000_000).contains(life))
    // It knows each signer, though moto names all of them alike.
    #expect(try await client(StaticCredentials(assumed)).callerIdentity().account == "123456789012")
    var wrong = assumed
    wrong.sessionToken = nil
    await #expect(throws: AWSServiceError.self) {
      try await client(StaticCredentials(wrong)).callerIdentity()
    }
  }

  @Test("A profile's role is taken on, and taken on anew when the laboratory ends its keys")
  func expiry() async throws {
    let own = try await keys.credentials()
    let home = try CredentialHome(
      config: """
        [profile job]
        role_arn = arn:aws:iam::123456789012:role/job
        source_profile = base
        [profile base]
        aws_access_key_id = \(own.accessKeyID)
        aws_secret_access_key = \(own.secretAccessKey)
        """)
    var settings = home.settings(now: Timestamp.systemNow)
    settings.securityTokenService = { client($0 ?? keys) }
    let cached = CachedCredentials(CredentialChain.standard(profile: "job", settings))
    let first = try await cached.credentials()
    #expect(first.sessionToken != nil)
    _ = try await client(cached).callerIdentity()

    try await expire(first.accessKeyID)
    _ = try await client(cached).callerIdentity()
    #expect(try await cached.credentials().accessKeyID != first.accessKeyID)
  }

  /// Has the laboratory end temporary keys now.
  private func expire(_ id: String) async throws {
    let url = try #require(MetadataURL(try Self.variable("TOKYO_TEST_AWS_ENDPOINT_URL")))
    var request = HTTPRequest(.post, url.appending("/_laboratory/expire"))
    request.body = .bytes([Array(#"{"access_key_id": "\#(id)"}"#.utf8)[...]])
    let status = try await CurlTransport(CurlConfiguration()).send(request, within: HTTPLimits()) {
      response, _ in response.status
    }
    #expect(status == 200)
  }
}

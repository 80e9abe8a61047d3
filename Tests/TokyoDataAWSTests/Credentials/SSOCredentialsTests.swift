import Testing

@testable import TokyoDataAWS

@Suite("Credentials of single sign-on")
struct SSOCredentialsTests {
  private static let config = """
    [default]
    sso_session = work
    sso_account_id = 123
    sso_role_name = Read Only
    [sso-session work]
    sso_region = eu-west-1
    sso_start_url = https://start
    """
  // The test's now is 2027-01-15T08:00:00Z.
  private static let keys = ScriptedMetadata.Reply.ok(
    """
    {"roleCredentials": {"accessKeyId": "id", "secretAccessKey": "secret", "sessionToken": "token",
    "expiration": 1800003600000}}
    """)

  private func home(_ token: String?, config: String = config) throws -> CredentialHome {
    let home = try CredentialHome(config: config)
    if let token { try home.write(token, to: ".aws/sso/cache/\(SSOLogin.fileName(of: "work")).json") }
    return home
  }

  private func token(_ end: String, refreshable: Bool = true, registered: String = "2028-01-01T00:00:00Z")
    -> String
  {
    let refresh =
      refreshable
      ? #", "refreshToken": "again", "clientId": "c", "clientSecret": "s", "registrationExpiresAt": "\#(registered)""#
      : ""
    return #"{"startUrl": "https://start", "accessToken": "held", "expiresAt": "\#(end)"\#(refresh)}"#
  }

  private func ask(_ home: CredentialHome, _ metadata: ScriptedMetadata) async throws -> AWSCredentials {
    try await SSOCredentials(profile: "default", settings: home.settings(transport: metadata)).credentials()
  }

  @Test("The token of the cache is exchanged for the role's keys, in the region of the login")
  func keys() async throws {
    let metadata = ScriptedMetadata { _, _ in Self.keys }
    let keys = try await ask(home(token("2027-01-15T09:00:00Z")), metadata)
    #expect(
      metadata.lines == [
        "GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
          + "?role_name=Read%20Only&account_id=123"
      ])
    #expect(metadata.seen[0].headers["x-amz-sso_bearer_token"] == "held")
    #expect(keys.accessKeyID == "id" && keys.sessionToken == "token")
    #expect(keys.expiration == CredentialHome.now.adding(microseconds: 3_600_000_000))
  }

  @Test("A token that ends soon is refreshed first, and the new one lies in the cache for others")
  func refresh() async throws {
    let metadata = ScriptedMetadata { request, _ in
      request.method == .post
        ? .ok(#"{"accessToken": "new", "expiresIn": 3600, "refreshToken": "next", "tokenType": "Bearer"}"#)
        : Self.keys
    }
    let home = try home(token("2027-01-15T08:10:00Z"))
    _ = try await ask(home, metadata)
    #expect(metadata.lines[0] == "POST https://oidc.eu-west-1.amazonaws.com/token")
    #expect(metadata.seen[1].headers["x-amz-sso_bearer_token"] == "new")
    let name = ".aws/sso/cache/\(SSOLogin.fileName(of: "work")).json"
    let saved = try #require(SSOToken(Array(home.read(name).utf8)))
    #expect(saved.accessToken == "new" && saved.refreshToken == "next" && saved.clientSecret == "s")
    #expect(saved.expiresAt == "2027-01-15T09:00:00Z")
    let mode = try FileMode.of("\(home.path)/\(name)")
    #expect(mode == 0o600)
  }

  @Test("Where the refresh is refused the old token serves until it ends")
  func refusedRefresh() async throws {
    let metadata = ScriptedMetadata { request, _ in
      request.method == .post ? ScriptedMetadata.Reply(status: 400) : Self.keys
    }
    #expect(try await ask(home(token("2027-01-15T08:10:00Z")), metadata).accessKeyID == "id")
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ask(home(token("2027-01-15T08:00:00Z")), metadata)
    }
    #expect(error?.message.contains("aws sso login --profile default") == true)
  }

  @Test("No token, one that is none, has ended, or is refused: sign in, says the error")
  func ended() async throws {
    let refusing = ScriptedMetadata { _, _ in ScriptedMetadata.Reply(status: 401, body: "secret words") }
    let cases: [(token: String?, requests: Int)] = [
      (nil, 0), ("[]", 0), (#"{"accessToken": "x"}"#, 0), (token("yesterday"), 0),
      (token("2027-01-15T07:59:59Z", refreshable: false), 0),
      (token("2027-01-15T08:10:00Z", registered: "2026-01-01T00:00:00Z"), 1),
      (token("2027-01-15T09:00:00Z"), 1),
    ]
    for (token, requests) in cases {
      let before = refusing.seen.count
      let error = await #expect(throws: AWSCredentialError.self) { try await ask(home(token), refusing) }
      #expect(error?.message.contains("run `aws sso login --profile default`") == true)
      #expect(error?.isUnconfigured == false)
      #expect(refusing.seen.count - before == requests, "\(token ?? "no token")")
    }
  }

  @Test("A region that would change the host's name is refused, and nobody is asked")
  func region() async throws {
    for region in ["example.com/", "x@example.com", "eu west", String(repeating: "a", count: 64)] {
      let config = Self.config.replacing("eu-west-1", with: region)
      let metadata = ScriptedMetadata { _, _ in Self.keys }
      await #expect(throws: AWSCredentialError.self) {
        try await ask(home(token("2027-01-15T09:00:00Z"), config: config), metadata)
      }
      #expect(metadata.seen.isEmpty)
    }
  }
}

import Testing

@testable import TokyoDataAWS

/// What the comparison with botocore does not show: errors, and what is asked again.
@Suite("Credentials of a role")
struct RoleCredentialsTests {
  private static let role = """
    [default]
    role_arn = arn:aws:iam::1:role/top
    source_profile = middle
    [profile middle]
    role_arn = arn:aws:iam::1:role/middle
    source_profile = base
    [profile base]
    aws_access_key_id = base
    aws_secret_access_key = hush
    """

  private func ask(
    _ config: String, _ desk: RoleDesk = RoleDesk(), _ variables: [String: String] = [:],
    transport: any HTTPTransport = ScriptedMetadata.silence
  ) async throws -> AWSCredentials {
    let home = try CredentialHome(config: config)
    let settings = home.settings(variables, transport: transport, desk: desk)
    return try await RoleCredentials(profile: "default", settings: settings).credentials()
  }

  @Test("Roles are taken on from the source upward")
  func path() async throws {
    let desk = RoleDesk()
    let keys = try await ask(Self.role, desk)
    #expect(desk.requests.map(\.arn) == ["arn:aws:iam::1:role/middle", "arn:aws:iam::1:role/top"])
    #expect(keys.accessKeyID == "role|arn:aws:iam::1:role/top|*|||role|arn:aws:iam::1:role/middle|*|||base")
    #expect(desk.requests.allSatisfy { $0.sessionName == "tokyodata-1800000000" })
  }

  @Test("A circle of sources is refused, however it closes")
  func circles() async throws {
    func role(_ name: String, _ source: String) -> String {
      "[\(name)]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = \(source)\n"
    }
    for config in [
      role("default", "default"), role("default", "b") + role("profile b", "default"),
      role("default", "b") + role("profile b", "b"),
      role("default", "b") + role("profile b", "c") + role("profile c", "b"),
    ] {
      let desk = RoleDesk()
      let error = await #expect(throws: AWSCredentialError.self) { try await ask(config, desk) }
      #expect(error?.message.contains("leads back") == true)
      #expect(desk.requests.isEmpty)
    }
  }

  @Test("A source that is a chain of its own says what each of its providers said")
  func sourceProfile() async throws {
    let config = "[default]\nrole_arn = arn\nsource_profile = empty\n[profile empty]\nregion = r"
    let error = await #expect(throws: AWSCredentialError.self) { try await ask(config) }
    #expect(error?.isUnconfigured == false)
    let lines = error.map { "\($0)".split(separator: "\n") } ?? []
    #expect(
      lines.prefix(3) == [
        "assume-role: the source of profile default has no credentials",
        "  AWS: no provider has credentials", "    web-identity: there is no web_identity_token_file",
      ])
    #expect(lines.count == 8)
  }

  @Test("A path of more roles than anybody has is refused before the first request")
  func length() async throws {
    let config = (0..<40).map { number in
      "[profile p\(number)]\nrole_arn = arn\nsource_profile = p\(number + 1)\n"
    }
    let desk = RoleDesk()
    await #expect(throws: AWSCredentialError.self) {
      try await ask("[default]\nrole_arn = arn\nsource_profile = p0\n" + config.joined(), desk)
    }
    #expect(desk.requests.isEmpty)
  }

  @Test("A code of a device is refused with words that help")
  func code() async throws {
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ask(Self.role.replacing("[profile middle]", with: "mfa_serial = arn\n[profile middle]"))
    }
    #expect(error?.message.contains("mfa_serial") == true)
  }

  @Test("A refusal names the profile and the code, not the key")
  func refusal() async throws {
    let denied = AWSServiceError(
      service: "sts", operation: "AssumeRole", code: "AccessDenied", status: 403, requestID: "r1",
      message: "User hush may not")
    let desk = RoleDesk { $0 == 1 ? denied : nil }
    let error = await #expect(throws: AWSCredentialError.self) { try await ask(Self.role, desk) }
    #expect(
      error?.description
        == "assume-role: the role of profile default was refused: sts AssumeRole: AccessDenied (403, request r1)"
    )
  }

  @Test("A source without credentials is an error of the role, not a reason to look elsewhere")
  func emptySource() async throws {
    let config = "[default]\nrole_arn = arn\ncredential_source = "
    for (source, word) in [
      ("Environment", "environment"), ("EcsContainer", "container"),
      ("Ec2InstanceMetadata", "instance-metadata"),
    ] {
      let error = await #expect(throws: AWSCredentialError.self) { try await ask(config + source) }
      #expect(error?.isUnconfigured == false)
      #expect(error?.attempts.map(\.provider) == [word])
    }
  }

  @Test("The environment's keys may be a role's source")
  func environment() async throws {
    let keys = try await ask(
      "[default]\nrole_arn = arn\ncredential_source = Environment", RoleDesk(),
      ["AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "hush"])
    #expect(keys.accessKeyID == "role|arn|*|||mine")
  }
}

@Suite("Credentials of a web identity")
struct WebIdentityCredentialsTests {
  private static let variables = [
    "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token", "AWS_ROLE_ARN": "arn", "AWS_ROLE_SESSION_NAME": "me",
  ]

  @Test("The token's file is read again each time")
  func file() async throws {
    let home = try CredentialHome()
    let provider = WebIdentityCredentials(
      profile: "default", usesEnvironment: true, settings: home.settings(Self.variables))
    for token in ["one", "two"] {
      try home.write(token, to: "token")
      #expect(try await provider.credentials().accessKeyID == "web|arn|me|||\(token)")
    }
    let unreadable = WebIdentityCredentials(
      profile: "default", usesEnvironment: true,
      settings: home.settings(["AWS_WEB_IDENTITY_TOKEN_FILE": "/dev/zero", "AWS_ROLE_ARN": "arn"]))
    let error = await #expect(throws: AWSCredentialError.self) { try await unreadable.credentials() }
    #expect(error?.message == "the token file cannot be read")
  }

  @Test("An identity provider that STS cannot reach is asked again, and the calls are not signed")
  func unreachable() async throws {
    let metadata = ScriptedMetadata { _, number in
      number < 2
        ? ScriptedMetadata.Reply(
          status: 400,
          body: "<ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>")
        : .ok(
          """
          <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
          <AccessKeyId>id</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
          <Expiration>2027-01-15T09:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
          </AssumeRoleWithWebIdentityResponse>
          """)
    }
    let home = try CredentialHome()
    try home.write("identity", to: "token")
    var settings = home.settings(Self.variables)
    settings.securityTokenService = { signer in
      STSClient(
        client: AWSClient(
          settings: AWSSettings(region: "eu-west-1"), credentials: signer ?? MissingCredentials(),
          transport: metadata, time: ClientTime(clock: InstantClock(), now: { CredentialHome.now })))
    }
    let provider = WebIdentityCredentials(profile: "default", usesEnvironment: true, settings: settings)
    #expect(try await provider.credentials().accessKeyID == "id")
    #expect(metadata.lines == Array(repeating: "POST https://sts.eu-west-1.amazonaws.com/", count: 3))
    #expect(metadata.seen.allSatisfy { $0.headers["authorization"] == nil })
  }

  @Test("A refusal says the code and the request's id")
  func refusal() async throws {
    let home = try CredentialHome()
    try home.write("identity", to: "token")
    let desk = RoleDesk { _ in
      AWSServiceError(
        service: "sts", operation: "AssumeRoleWithWebIdentity", code: "InvalidIdentityToken", status: 400,
        message: "identity is wrong")
    }
    let provider = WebIdentityCredentials(
      profile: "default", usesEnvironment: true, settings: home.settings(Self.variables, desk: desk))
    let error = await #expect(throws: AWSCredentialError.self) { try await provider.credentials() }
    #expect(
      error?.message
        == "the role was refused: sts AssumeRoleWithWebIdentity: InvalidIdentityToken (400)")
    #expect(desk.requests.count == 1)
  }

  private struct MissingCredentials: AWSCredentialProvider {
    let name = "none"
    func credentials() async throws -> AWSCredentials { throw AWSCredentialError(name, "none") }
  }
}

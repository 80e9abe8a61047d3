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
        == "the role of profile default was refused: sts AssumeRole: AccessDenied (403, request r1)")
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

  @Test("An identity provider that STS cannot reach is asked again, others are not")
  func unreachable() async throws {
    func desk(_ code: String, _ failures: Int) -> RoleDesk {
      RoleDesk { number in
        number < failures
          ? AWSServiceError(service: "sts", operation: "AssumeRoleWithWebIdentity", code: code, status: 400)
          : nil
      }
    }
    for (code, failures, tries) in [
      ("IDPCommunicationError", 2, 3), ("IDPCommunicationError", 9, 3), ("InvalidIdentityToken", 1, 1),
    ] {
      let home = try CredentialHome()
      try home.write("token", to: "token")
      let desk = desk(code, failures)
      let provider = WebIdentityCredentials(
        profile: "default", usesEnvironment: true, settings: home.settings(Self.variables, desk: desk))
      let keys = try? await provider.credentials()
      #expect((keys != nil) == (failures < tries))
      #expect(desk.requests.count == tries)
    }
  }
}

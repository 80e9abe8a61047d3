import Testing

@testable import TokyoDataAWS

@Suite("Credentials of a container")
struct ContainerCredentialsTests {
  private static let keys = """
    {"AccessKeyId": "id", "SecretAccessKey": "secret", "Token": "token", "Expiration": "2027-06-01T00:00:00Z"}
    """

  private func ask(
    _ variables: [String: String], _ metadata: ScriptedMetadata, home: CredentialHome? = nil
  ) async throws -> AWSCredentials {
    let home = try home ?? CredentialHome()
    return try await ContainerCredentials(settings: home.settings(variables, transport: metadata))
      .credentials()
  }

  @Test("Without either variable it is not configured, and nobody is asked")
  func unconfigured() async throws {
    let error = await #expect(throws: AWSCredentialError.self) { try await ask([:], .silence) }
    #expect(error?.isUnconfigured == true)
  }

  @Test("The relative path is asked of the endpoint of ECS")
  func relative() async throws {
    let metadata = ScriptedMetadata { _, _ in .ok(Self.keys) }
    let keys = try await ask(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/keys?id=1"], metadata)
    #expect(keys.accessKeyID == "id" && keys.sessionToken == "token")
    #expect(keys.expiration == Timestamp("2027-06-01T00:00:00Z"))
    #expect(metadata.lines == ["GET http://169.254.170.2/v2/keys?id=1"])
  }

  @Test(
    "A full URL may lead to this machine, to ECS and EKS, or anywhere by TLS",
    arguments: [
      "http://localhost:1234/keys", "http://127.0.0.1/keys", "http://127.1.2.3:80/", "http://[::1]:9/",
      "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials",
      "https://example.com/keys",
    ])
  func allowed(_ url: String) async throws {
    let metadata = ScriptedMetadata { _, _ in .ok(Self.keys) }
    _ = try await ask(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], metadata)
    #expect(metadata.seen.count == 1)
  }

  @Test(
    "It leads nowhere else, and no request is made",
    arguments: [
      "http://example.com/keys", "http://127.example.com/", "http://169.254.170.2.example.com/",
      "http://127.0.0.1@example.com/", "http://10.0.0.1/", "http://127.0.0.1.5/", "http://0127.0.0.1/",
      "http://127.0.0.01/",
      "http://127.0.0.256/", "ftp://localhost/", "localhost", "http://", "http://localhost:99999/",
      "http://[::1/", "http://localhost\\@example.com/", "http://a b/",
    ])
  func refused(_ url: String) async throws {
    let metadata = ScriptedMetadata { _, _ in .ok(Self.keys) }
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ask(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], metadata)
    }
    #expect(error?.isUnconfigured == false)
    #expect(metadata.seen.isEmpty)
  }

  @Test("A relative path without its slash would name another host, and is refused")
  func pathWithoutSlash() async throws {
    await #expect(throws: AWSCredentialError.self) {
      try await ask(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": ".example.com/"], .silence)
    }
  }

  @Test("The token goes along, and its file is read again each time")
  func token() async throws {
    let home = try CredentialHome()
    let metadata = ScriptedMetadata { _, _ in .ok(Self.keys) }
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/token",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "not this one",
    ]
    for token in ["one", "two"] {
      try home.write(token, to: "token")
      _ = try await ask(variables, metadata, home: home)
    }
    #expect(metadata.seen.map { $0.headers["authorization"] } == ["one", "two"])
    try home.write("three\r\nhost: example.com", to: "token")
    await #expect(throws: AWSCredentialError.self) { try await ask(variables, metadata, home: home) }
    #expect(metadata.seen.count == 2)
  }

  @Test("Three tries, then what went wrong is said, without what the endpoint said")
  func failures() async throws {
    let refusing = ScriptedMetadata { _, _ in ScriptedMetadata.Reply(status: 500, body: "secret words") }
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ask(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/keys"], refusing)
    }
    #expect(refusing.seen.count == 3)
    #expect(error?.message == "the container's endpoint answered with status 500")

    let late = ScriptedMetadata { _, number in number < 2 ? .ok("busy") : .ok(Self.keys) }
    #expect(
      try await ask(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/keys"], late).accessKeyID == "id")
  }
}

import Testing

@testable import TokyoDataAWS

@Suite("Credentials of an instance")
struct InstanceCredentialsTests {
  private func metadata(ending end: String = "2027-06-01T00:00:00Z") -> ScriptedMetadata {
    ScriptedMetadata { request, _ in
      guard request.method == .get else { return .ok("session\n") }
      guard request.headers["x-aws-ec2-metadata-token"] == "session" else {
        return ScriptedMetadata.Reply(status: 401)
      }
      if request.path.hasSuffix("/") { return .ok("the-role\n") }
      return .ok(
        """
        {"Code": "Success", "AccessKeyId": "id", "SecretAccessKey": "secret", "Token": "token",
        "Expiration": "\(end)"}
        """)
    }
  }

  private func ask(
    _ metadata: ScriptedMetadata, _ variables: [String: String] = [:], config: String? = nil
  ) async throws -> AWSCredentials {
    let home = try CredentialHome(config: config)
    return try await InstanceCredentials(
      profile: "default", settings: home.settings(variables, transport: metadata), jitter: { 5 }
    ).credentials()
  }

  @Test("A session's token is put, then the role's name and its keys are got with it")
  func steps() async throws {
    let metadata = metadata()
    let keys = try await ask(metadata)
    #expect(keys.accessKeyID == "id" && keys.sessionToken == "token")
    #expect(
      metadata.lines == [
        "PUT http://169.254.169.254/latest/api/token",
        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/the-role",
      ])
    #expect(metadata.seen[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
  }

  @Test("Keys that an outage keeps from being exchanged are good for a while longer")
  func outage() async throws {
    // The test's now is 2027-01-15T08:00:00Z.
    let later = CredentialHome.now.adding(microseconds: 20 * 60_000_000)
    for end in ["2027-01-15T07:00:00Z", "2027-01-15T08:19:00Z"] {
      #expect(try await ask(metadata(ending: end)).expiration == later, "\(end)")
    }
    let end = "2027-01-15T08:21:00Z"
    #expect(try await ask(metadata(ending: end)).expiration == Timestamp(end))
  }

  @Test("Where it is disabled nobody is asked")
  func disabled() async throws {
    let metadata = metadata()
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ask(metadata, ["AWS_EC2_METADATA_DISABLED": "True"])
    }
    #expect(error?.isUnconfigured == true)
    #expect(metadata.seen.isEmpty)
  }

  @Test("The endpoint is the configured one, or the one of IPv6")
  func endpoints() async throws {
    let cases: [(variables: [String: String], config: String?, origin: String)] = [
      (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://localhost:9/x/"], nil, "http://localhost:9/x/latest"),
      (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], nil, "http://[fd00:ec2::254]/latest"),
      ([:], "[default]\nec2_metadata_service_endpoint_mode = ipv6", "http://[fd00:ec2::254]/latest"),
      ([:], "[default]\nec2_metadata_service_endpoint = http://h", "http://h/latest"),
    ]
    for (variables, config, origin) in cases {
      let metadata = metadata()
      _ = try await ask(metadata, variables, config: config)
      #expect(metadata.lines[0] == "PUT \(origin)/api/token")
    }
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ask(metadata(), ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "ipv5"])
    }
    #expect(error?.isUnconfigured == false)
  }

  @Test("One try, or as many as are configured")
  func tries() async throws {
    let silence = ScriptedMetadata.silence
    let error = await #expect(throws: AWSCredentialError.self) { try await ask(silence) }
    #expect(error?.isUnconfigured == true)
    #expect(silence.seen.count == 1)
    let more = ScriptedMetadata.silence
    _ = try? await ask(more, ["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "4"])
    #expect(more.seen.count == 4)
  }

  @Test(
    "What is no token, no role or no keys counts as no service, and leads to no other request",
    arguments: [
      ["", "role", "{}"], ["a b", "role", "{}"], ["token", "../../x", "{}"], ["token", "r?x=1", "{}"],
      ["token", "role", #"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no"}"#],
      ["token", "role", "[["],
    ])
  func nonsense(_ answers: [String]) async throws {
    let metadata = ScriptedMetadata { _, number in .ok(answers[min(number, 2)]) }
    let error = await #expect(throws: AWSCredentialError.self) { try await ask(metadata) }
    #expect(error?.isUnconfigured == true)
    #expect(metadata.seen.allSatisfy { !$0.path.contains("..") && $0.query.isEmpty })
  }
}

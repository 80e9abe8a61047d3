internal import TokyoDataCore

/// Keys of the instance's role, from the metadata service of EC2, version 2 only: the older version, which
/// needs no session, hands keys to whoever can make the machine send a GET.
struct InstanceCredentials: AWSCredentialProvider {
  let name = "instance-metadata"
  let profile: String
  let settings: CredentialSettings
  /// Minutes between 2 and 10, so that not all machines come back at once after an outage.
  var jitter: @Sendable () -> Int = { Int.random(in: 2...10) }

  private static let path = "/latest/meta-data/iam/security-credentials/"

  func credentials() async throws -> AWSCredentials {
    if settings.environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
      throw AWSCredentialError(name, "AWS_EC2_METADATA_DISABLED is true", isUnconfigured: true)
    }
    let profile = try settings.profiles().profile(profile)
    let endpoint = try endpoint(profile)
    let client = MetadataClient(
      transport: settings.transport, clock: settings.clock,
      timeout: .seconds(number("AWS_METADATA_SERVICE_TIMEOUT", profile?["metadata_service_timeout"])),
      attempts: number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", profile?["metadata_service_num_attempts"]))
    let session = try await ask(
      client,
      HTTPRequest(
        .put, endpoint.appending("/latest/api/token"),
        headers: HTTPHeaders(["x-aws-ec2-metadata-token-ttl-seconds": "21600"])))
    let headers = HTTPHeaders(["x-aws-ec2-metadata-token": try Self.line(session, name)])
    let role = try Self.line(
      await ask(client, HTTPRequest(.get, endpoint.appending(Self.path), headers: headers)), name)
    guard role.utf8.allSatisfy(Self.isRoleCharacter) else { throw nothing("the role's name is none") }
    let body = try await ask(
      client, HTTPRequest(.get, endpoint.appending(Self.path + role), headers: headers))
    guard let document = KeyDocument(body), var keys = try? document.credentials(name),
      let end = keys.expiration, keys.sessionToken != nil
    else { throw nothing("the answer has no keys: is the role there, and may EC2 take it on?") }
    keys.expiration = extended(end)
    return keys
  }

  /// During an outage the service repeats keys that are ending or have ended, and S3 and the others go on
  /// taking them: such keys are good for a while longer, as botocore has it.
  private func extended(_ end: Timestamp) -> Timestamp {
    let window = Int64(15 + jitter()) * 60_000_000
    let now = settings.now()
    return now.microseconds(until: end) <= window ? now.adding(microseconds: window) : end
  }

  /// A request whose failure means that there is no such service here.
  private func ask(_ client: MetadataClient, _ request: HTTPRequest) async throws -> [UInt8] {
    do {
      let answer = try await client.send(request) { $0.status == 200 && !$0.body.isEmpty }
      guard answer.status == 200 else { throw nothing("the answer's status is \(answer.status)") }
      return answer.body
    } catch let error as HTTPError {
      throw nothing("no answer (\(error))")
    }
  }

  private func endpoint(_ profile: AWSProfile?) throws -> MetadataURL {
    let environment = settings.environment
    let custom =
      environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? profile?["ec2_metadata_service_endpoint"]
    if let text = custom {
      guard let url = MetadataURL(text), url.query.isEmpty else {
        throw AWSCredentialError(name, "ec2_metadata_service_endpoint is no URL")
      }
      return url
    }
    let mode =
      environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] ?? profile?["ec2_metadata_service_endpoint_mode"]
    let host: String
    switch mode?.lowercased() {
    case nil, "ipv4": host = "169.254.169.254"
    case "ipv6": host = "[fd00:ec2::254]"
    default: throw AWSCredentialError(name, "ec2_metadata_service_endpoint_mode is neither ipv4 nor ipv6")
    }
    return MetadataURL(origin: HTTPOrigin(isSecure: false, host: host))
  }

  /// A small positive number of configuration; 1 where it is absent or unusable.
  private func number(_ variable: String, _ key: String?) -> Int {
    (settings.environment[variable] ?? key).flatMap(Int.init).map { min(max($0, 1), 60) } ?? 1
  }

  /// The first line of an answer, which goes into a header or a path.
  private static func line(_ bytes: [UInt8], _ name: String) throws -> String {
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !line.isEmpty, line.count <= 4096, line.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw AWSCredentialError(name, "the answer is no name or token", isUnconfigured: true)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// What IAM allows in a role's name; none of it needs encoding in a path.
  private static func isRoleCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "+=,.@_-".utf8.contains(byte)
    }
  }

  private func nothing(_ message: String) -> AWSCredentialError {
    AWSCredentialError(name, message, isUnconfigured: true)
  }
}

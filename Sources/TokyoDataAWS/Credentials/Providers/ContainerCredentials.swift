/// Keys of the container's role, from the endpoint that ECS or EKS names in the environment.
struct ContainerCredentials: AWSCredentialProvider {
  let name = "container"
  let settings: CredentialSettings

  private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
  private static let token = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

  func credentials() async throws -> AWSCredentials {
    guard let url = try url() else {
      throw AWSCredentialError(name, "\(Self.relative) and \(Self.full) are not set", isUnconfigured: true)
    }
    var headers = HTTPHeaders(["accept": "application/json"])
    headers["authorization"] = try token()
    let client = MetadataClient(transport: settings.transport, clock: settings.clock, attempts: 3)
    let answer: MetadataClient.Answer
    do {
      answer = try await client.send(HTTPRequest(.get, url, headers: headers)) {
        $0.status == 200 && KeyDocument($0.body) != nil
      }
    } catch let error as HTTPError {
      throw AWSCredentialError(name, "no answer from the container's endpoint (\(error))")
    }
    guard answer.status == 200 else {
      throw AWSCredentialError(name, "the container's endpoint answered with status \(answer.status)")
    }
    guard let document = KeyDocument(answer.body) else {
      throw AWSCredentialError(name, "the container's endpoint answered with something else than keys")
    }
    return try document.credentials(name)
  }

  private func url() throws -> MetadataURL? {
    if let path = settings.environment[Self.relative] {
      // Without the slash it would lengthen the host's name.
      guard path.hasPrefix("/"), let url = MetadataURL("http://169.254.170.2\(path)") else {
        throw AWSCredentialError(name, "\(Self.relative) is no path")
      }
      return url
    }
    guard let text = settings.environment[Self.full] else { return nil }
    guard let url = MetadataURL(text) else { throw AWSCredentialError(name, "\(Self.full) is no URL") }
    guard url.origin.isSecure || Self.isLocal(url.origin.host) else {
      throw AWSCredentialError(
        name, "\(Self.full) is neither https nor this machine nor the endpoint of ECS or EKS")
    }
    return url
  }

  /// Hosts that may be asked without TLS: the token in the request would reach whoever else it is.
  private static func isLocal(_ host: String) -> Bool {
    if ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]"].contains(host) {
      return true
    }
    // The network 127.0.0.0/8, written in full: names such as 127.example.com are not in it.
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in
        UInt8(part).map { String($0) == part } ?? false
      }
  }

  /// What the endpoint wants to see; its file is read again each time, for it is exchanged while we run.
  private func token() throws -> String? {
    guard let path = settings.environment[Self.token + "_FILE"] else {
      return try settings.environment[Self.token].map(checked)
    }
    guard let bytes = try? SmallFile.read(path, upTo: 1 << 16),
      let text = String(validating: bytes, as: UTF8.self)
    else { throw AWSCredentialError(name, "the file of \(Self.token)_FILE cannot be read") }
    return try checked(text)
  }

  /// A line end would begin another header.
  private func checked(_ token: String) throws -> String {
    guard token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw AWSCredentialError(name, "the authorization token cannot stand in a header")
    }
    return token
  }
}

import TokyoData

func openSession() throws {
  // snippet: session
  let session = try AWSSession()
  let objects = try S3ObjectStore(bucket: "billing-lake", session: session)
  // end snippet
  _ = objects
}

func configure() throws {
  // snippet: configuration
  var configuration = AWSConfiguration(region: "ap-northeast-1", profile: "billing")
  configuration.maximumAttempts = 5
  configuration.connectTimeout = .seconds(2)
  let session = try AWSSession(configuration)
  // end snippet
  _ = session
}

func connectLocally() throws {
  // snippet: local
  var configuration = AWSConfiguration(region: "us-east-1")
  configuration.endpointURL = "http://127.0.0.1:9000"
  let session = try AWSSession(
    configuration,
    credentials: StaticCredentials(accessKeyID: "local", secretAccessKey: "not a secret"))
  // end snippet
  _ = session
}

func explain(_ objects: S3ObjectStore, _ key: ObjectKey) async throws {
  // snippet: failure
  do {
    print(try await objects.size(of: key) ?? 0)
  } catch let error as TokyoDataError {
    guard let missing = error.cause as? AWSCredentialError else { throw error }
    print(missing)  // a line for each provider: what it looked for, or why it failed
  }
  // end snippet
}

// snippet: provider
/// Keys that a vault of the company hands out.
struct VaultCredentials: AWSCredentialProvider {
  let name = "vault"
  let lease: @Sendable () async throws -> VaultLease

  func credentials() async throws -> AWSCredentials {
    let lease = try await lease()
    return AWSCredentials(
      accessKeyID: lease.id, secretAccessKey: lease.secret, sessionToken: lease.token,
      expiration: lease.end)
  }
}
// end snippet

/// What the vault answers.
struct VaultLease: Sendable {
  var id: String
  var secret: String
  var token: String
  var end: Timestamp
}

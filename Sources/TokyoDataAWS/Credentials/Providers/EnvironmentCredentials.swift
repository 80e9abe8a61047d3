internal import TokyoDataCore

/// Keys in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, with `AWS_SESSION_TOKEN` and
/// `AWS_CREDENTIAL_EXPIRATION` where they are temporary.
struct EnvironmentCredentials: AWSCredentialProvider {
  let name = "environment"
  let environment: AWSEnvironment

  func credentials() async throws -> AWSCredentials {
    guard let id = environment["AWS_ACCESS_KEY_ID"] else {
      throw AWSCredentialError(name, "AWS_ACCESS_KEY_ID is not set", isUnconfigured: true)
    }
    guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
      throw AWSCredentialError(name, "AWS_SECRET_ACCESS_KEY is not set, though AWS_ACCESS_KEY_ID is")
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret,
      sessionToken: environment["AWS_SECURITY_TOKEN"] ?? environment["AWS_SESSION_TOKEN"],
      expiration: try environment["AWS_CREDENTIAL_EXPIRATION"].map(expiration))
  }

  private func expiration(_ text: String) throws -> Timestamp {
    guard let moment = Timestamp(loosely: text) else {
      throw AWSCredentialError(name, "AWS_CREDENTIAL_EXPIRATION is no time")
    }
    return moment
  }
}

/// Keys of a role, for a token that an identity provider such as a Kubernetes cluster leaves in a file.
struct WebIdentityCredentials: AWSCredentialProvider {
  let name = "web-identity"
  let profile: String
  /// Whether `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME` stand over the profile.
  let usesEnvironment: Bool
  let settings: CredentialSettings

  func credentials() async throws -> AWSCredentials {
    let profile = try settings.profiles().profile(profile)
    guard let path = value("AWS_WEB_IDENTITY_TOKEN_FILE", profile?["web_identity_token_file"]) else {
      let variable = usesEnvironment ? "AWS_WEB_IDENTITY_TOKEN_FILE or " : ""
      throw AWSCredentialError(
        name, "there is no \(variable)web_identity_token_file", isUnconfigured: true)
    }
    guard let arn = value("AWS_ROLE_ARN", profile?["role_arn"]) else {
      throw AWSCredentialError(name, "there is a token file, but neither AWS_ROLE_ARN nor role_arn")
    }
    let session = value("AWS_ROLE_SESSION_NAME", profile?["role_session_name"])
    let request = RoleRequest(arn: arn, sessionName: session ?? RoleCredentials.sessionName(settings))
    do {
      // The client asks again where STS cannot reach the identity provider.
      return try await settings.securityTokenService(nil).assumeRole(request, webIdentityToken: token(path))
    } catch let error as AWSServiceError {
      throw AWSCredentialError(name, "the role was refused: \(error)")
    } catch let error as HTTPError {
      throw AWSCredentialError(name, "no answer from STS (\(error))")
    }
  }

  /// The token as it is now: the cluster exchanges the file every hour.
  private func token(_ path: String) throws -> String {
    guard let path = settings.environment.expand(path), let bytes = try? SmallFile.read(path, upTo: 1 << 16),
      let text = String(validating: bytes, as: UTF8.self), !text.isEmpty
    else { throw AWSCredentialError(name, "the token file cannot be read") }
    return text
  }

  private func value(_ variable: String, _ key: String?) -> String? {
    (usesEnvironment ? settings.environment[variable] : nil) ?? key
  }
}

/// What `aws login` leaves is not read: its tokens are bound to a key of the command line.
///
/// A profile with such a login says so here, and is not passed over for keys of somebody else.
struct LoginCredentials: AWSCredentialProvider {
  let name = "login"
  let profile: String
  let settings: CredentialSettings

  func credentials() async throws -> AWSCredentials {
    guard try settings.profiles().profile(profile)?.has("login_session") == true else {
      throw AWSCredentialError(name, "profile \(profile) has no login_session", isUnconfigured: true)
    }
    throw AWSCredentialError(
      name,
      "profile \(profile) has a login_session, which is not supported: name it in another profile's "
        + "`credential_process = aws configure export-credentials --profile \(profile) --format process`")
  }
}

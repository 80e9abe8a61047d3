internal import TokyoDataCore

/// Keys written into a profile of the credentials file, or of the config file.
struct FileCredentials: AWSCredentialProvider {
  let file: AWSProfiles.File
  let profile: String
  let settings: CredentialSettings

  var name: String { file.rawValue }

  func credentials() async throws -> AWSCredentials {
    guard let values = try settings.profiles().profile(profile, in: file),
      values.has("aws_access_key_id")
    else {
      throw AWSCredentialError(
        name, "profile \(profile) has no aws_access_key_id there", isUnconfigured: true)
    }
    guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
      throw AWSCredentialError(name, "profile \(profile) has only one of its two keys there")
    }
    return AWSCredentials(
      accessKeyID: id, secretAccessKey: secret,
      sessionToken: values["aws_security_token"] ?? values["aws_session_token"])
  }
}

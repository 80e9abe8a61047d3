/// The profiles of the shared config and credentials files, as they are now.
struct AWSProfiles: Sendable {
  /// The files by the names that botocore gives them as providers.
  enum File: String, Sendable, CaseIterable {
    case credentials = "shared-credentials-file"
    case config = "config-file"
  }

  private var profiles: [String: AWSProfile] = [:]
  private var files: [File: [String: AWSProfile]] = [:]
  private var sessions: [String: SharedConfig.Section] = [:]
  private var services: [String: SharedConfig.Section] = [:]

  init() {}

  /// Reads `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or `config` and `credentials` in `~/.aws`;
  /// a file that is not there counts as empty.
  ///
  /// - Throws: `AWSCredentialError` for a file that cannot be read, with the line, without its text.
  init(_ environment: AWSEnvironment) throws {
    try self.init(
      config: Self.file(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config", "config file", environment),
      credentials: Self.file(
        environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials", "credentials file", environment))
  }

  /// What two files say together.
  ///
  /// Of a profile that both have, the credentials file's keys stand over the config file's.
  init(config: SharedConfig, credentials: SharedConfig) {
    for (section, values) in config.sections {
      guard let words = ShellWords.split(section) else { continue }
      switch (words.first, words.count) {
      case ("default", 1): profiles["default"] = AWSProfile("default", values)
      case ("profile", 2): profiles[words[1]] = AWSProfile(words[1], values)
      case ("sso-session", 2): sessions[words[1]] = values
      case ("services", 2): services[words[1]] = values
      default: break
      }
    }
    files[.config] = profiles
    for (name, values) in credentials.sections {
      files[.credentials, default: [:]][name] = AWSProfile(name, values)
      profiles[name, default: AWSProfile(name)].override(with: values)
    }
  }

  /// A profile by its name; nil where no file has it.
  func profile(_ name: String) -> AWSProfile? { profiles[name] }

  /// What one of the files alone says of a profile.
  func profile(_ name: String, in file: File) -> AWSProfile? { files[file]?[name] }

  /// A `[sso-session …]` section, as a profile of that name.
  func session(_ name: String) -> AWSProfile? { sessions[name].map { AWSProfile(name, $0) } }

  /// The endpoints of single services that a profile configures: `endpoint_url` in the blocks of its
  /// `[services …]` section, by the blocks' names, such as `s3`, `cloudwatch` or `cloudwatch_logs`.
  func endpointURLs(of profile: AWSProfile) -> [String: String] {
    guard let section = profile["services"].flatMap({ services[$0] }) else { return [:] }
    return AWSProfile("", section).blocks.compactMapValues { block in
      block["endpoint_url"].flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  private static func file(
    _ path: String, _ what: String, _ environment: AWSEnvironment
  ) throws -> SharedConfig {
    guard let path = environment.expand(path) else { return SharedConfig() }
    let bytes: [UInt8]?
    do { bytes = try SmallFile.read(path) } catch {
      throw AWSCredentialError(
        "profiles", error == .tooLarge ? "the \(what) is too large" : "the \(what) cannot be read")
    }
    guard let bytes else { return SharedConfig() }
    do { return try SharedConfig(bytes) } catch {
      throw AWSCredentialError("profiles", "the \(what): line \(error.line) is \(error.reason)")
    }
  }
}

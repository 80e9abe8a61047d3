public import TokyoDataCore

extension AWSSession {
  /// Makes a session of the environment and the shared files, as every AWS tool reads them.
  ///
  /// - Parameters:
  ///   - configuration: What the program says itself.
  ///   - credentials: Where keys come from; nil for the chain that every AWS tool goes through.
  /// - Throws: `TokyoDataError.invalidArgument` for a region that is missing and settings that make no sense.
  public convenience init(
    _ configuration: AWSConfiguration = AWSConfiguration(),
    credentials: (any AWSCredentialProvider)? = nil
  ) throws(TokyoDataError) {
    let environment = AWSEnvironment.process
    let profiles: AWSProfiles
    do { profiles = try AWSProfiles(environment) } catch {
      throw TokyoDataError(.invalidArgument, "the shared files of AWS: \(error)")
    }
    let sources = try AWSSettingSources(environment, profiles, profile: configuration.profile)
    let settings = try AWSSettings(configuration, sources)
    let transport = CurlTransport(CurlConfiguration(settings))
    let chain = credentials ?? Self.chain(configuration.profile, environment, settings, transport)
    self.init(
      AWSClient(settings: settings, credentials: CachedCredentials(chain), transport: transport),
      on: transport)
  }

  /// The chain of every AWS tool; roles are asked for at the session's own endpoints of STS.
  private static func chain(
    _ profile: String?, _ environment: AWSEnvironment, _ settings: AWSSettings, _ transport: CurlTransport
  ) -> CredentialChain {
    let none = AWSCredentialError("none", "this call is not signed")
    return CredentialChain.standard(
      profile: profile,
      CredentialSettings(environment: environment, transport: transport) { provider in
        let credentials = provider ?? MissingCredentials(error: none)
        return STSClient(
          client: AWSClient(settings: settings, credentials: credentials, transport: transport))
      })
  }
}

/// Stands where nothing is signed.
private struct MissingCredentials: AWSCredentialProvider {
  let error: AWSCredentialError
  var name: String { error.provider }
  func credentials() async throws -> AWSCredentials { throw error }
}

extension CachedCredentials: RefreshableCredentials {}

extension AWSSettingSources {
  /// What the environment and a profile of the shared files say.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a profile that is named and in no file.
  init(_ environment: AWSEnvironment, _ profiles: AWSProfiles, profile: String?) throws(TokyoDataError) {
    variables = environment.variables
    let named = profile ?? environment.profile
    guard let profile = profiles.profile(named ?? "default") else {
      guard let named else { return }
      throw TokyoDataError(.invalidArgument, "the profile \(named) is in no file of AWS")
    }
    self.profile = profile.texts
    blocks = profile.blocks
    endpointURLs = profiles.endpointURLs(of: profile)
  }
}

extension CurlConfiguration {
  init(_ settings: AWSSettings) {
    self.init()
    userAgent = settings.userAgent
    caBundle = settings.certificateBundle
    if let url = settings.proxy { proxy = url.isEmpty ? .direct : .url(url) }
  }
}

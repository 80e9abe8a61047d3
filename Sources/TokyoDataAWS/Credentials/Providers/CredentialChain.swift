internal import Synchronization

/// Providers that are asked one after the other, until one has credentials.
///
/// A provider that is not configured is passed over. One that is configured and fails ends the search with
/// its error, as in botocore: keys of somebody else, further down, would be worse than none. Once a provider
/// has given keys it alone is asked again, so that a process keeps the identity that it began with.
final class CredentialChain: AWSCredentialProvider {
  let name = "AWS"
  private let providers: [any AWSCredentialProvider]
  private let check: @Sendable () throws -> Void
  private let chosen = Mutex<Int?>(nil)

  /// Makes a chain.
  ///
  /// - Parameter check: Runs before the search, and ends it where it throws.
  init(
    _ providers: [any AWSCredentialProvider], check: @escaping @Sendable () throws -> Void = {}
  ) {
    self.providers = providers
    self.check = check
  }

  /// The first provider's keys.
  ///
  /// - Throws: `AWSCredentialError` with what each provider said where none has any.
  func credentials() async throws -> AWSCredentials {
    if let index = chosen.withLock({ $0 }) { return try await providers[index].credentials() }
    try check()
    var attempts: [AWSCredentialError] = []
    for (index, provider) in providers.enumerated() {
      do {
        let credentials = try await provider.credentials()
        chosen.withLock { $0 = index }
        return credentials
      } catch let error as AWSCredentialError where error.isUnconfigured {
        attempts.append(error)
      }
    }
    throw AWSCredentialError(
      name, "no provider has credentials", isUnconfigured: true, attempts: attempts)
  }
}

extension CredentialChain {
  /// The chain of every command and library for AWS, in botocore's order.
  ///
  /// - Parameter profile: A profile that the caller names: then the environment's keys do not count. With nil
  ///   it is the one that the environment names, else `default`, and the environment's keys come first.
  static func standard(profile: String?, _ settings: CredentialSettings) -> CredentialChain {
    let named = profile ?? settings.environment.profile
    let name = named ?? "default"
    var providers: [any AWSCredentialProvider] = []
    if profile == nil { providers.append(EnvironmentCredentials(environment: settings.environment)) }
    providers.append(RoleCredentials(profile: name, settings: settings))
    providers += Self.providers(ofProfile: name, settings, usingEnvironment: profile == nil)
    providers.append(ContainerCredentials(settings: settings))
    providers.append(InstanceCredentials(profile: name, settings: settings))
    return CredentialChain(providers) {
      if let named, try settings.profiles().profile(named) == nil {
        throw AWSCredentialError("profile", "profile \(named) is in no file")
      }
    }
  }

  /// The ways by which a profile comes to keys without taking on a role of another.
  static func providers(
    ofProfile name: String, _ settings: CredentialSettings, usingEnvironment: Bool
  ) -> [any AWSCredentialProvider] {
    [
      WebIdentityCredentials(profile: name, usesEnvironment: usingEnvironment, settings: settings),
      SSOCredentials(profile: name, settings: settings),
      FileCredentials(file: .credentials, profile: name, settings: settings),
      LoginCredentials(profile: name, settings: settings),
      ProcessCredentials(profile: name, settings: settings),
      FileCredentials(file: .config, profile: name, settings: settings),
    ]
  }
}

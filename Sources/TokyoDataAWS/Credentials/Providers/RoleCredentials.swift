/// Keys of a role that a profile names, asked for with the keys of its source: another profile, which may
/// itself take on a role, or one of the environment's sources.
struct RoleCredentials: AWSCredentialProvider {
  let name = "assume-role"
  let profile: String
  let settings: CredentialSettings

  func credentials() async throws -> AWSCredentials {
    let path = try RolePath(profile, in: settings.profiles(), name)
    var source = provider(path.source)
    for step in path.steps.reversed() {
      let service = settings.securityTokenService(source)
      let request = RoleRequest(
        arn: step.arn, sessionName: step.sessionName ?? Self.sessionName(settings),
        externalID: step.externalID, seconds: step.seconds)
      do { source = StaticCredentials(try await service.assumeRole(request)) } catch {
        throw failure(error, step.profile)
      }
    }
    return try await source.credentials()
  }

  /// The name of a session that configuration gives none.
  static func sessionName(_ settings: CredentialSettings) -> String {
    "tokyodata-\(settings.now().microsecondsSince1970 / 1_000_000)"
  }

  private func provider(_ source: RolePath.Source) -> any AWSCredentialProvider {
    let found: any AWSCredentialProvider =
      switch source {
      case .environment: EnvironmentCredentials(environment: settings.environment)
      case .container: ContainerCredentials(settings: settings)
      case .instance: InstanceCredentials(profile: profile, settings: settings)
      case .profile(let name):
        CredentialChain(CredentialChain.providers(ofProfile: name, settings, usingEnvironment: false))
      }
    return SourceCredentials(source: found)
  }

  /// What a caller of STS failed with, in this provider's name.
  private func failure(_ error: any Error, _ profile: String) -> any Error {
    switch error {
    case let error as AWSCredentialError:
      AWSCredentialError(
        name, "the source of profile \(profile) has no credentials", attempts: [error])
    case let error as AWSServiceError:
      AWSCredentialError(name, "the role of profile \(profile) was refused: \(error)")
    case let error as HTTPError:
      AWSCredentialError(name, "no answer from STS for profile \(profile) (\(error))")
    default: error
    }
  }
}

/// A source that a role names: where it has nothing the role's configuration is wrong, and no other
/// provider of the chain stands in.
private struct SourceCredentials: AWSCredentialProvider {
  let source: any AWSCredentialProvider
  var name: String { source.name }

  func credentials() async throws -> AWSCredentials {
    do { return try await source.credentials() } catch var error as AWSCredentialError {
      error.isUnconfigured = false
      throw error
    }
  }
}

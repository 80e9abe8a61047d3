/// How a profile comes to its role: the roles to take on, the profile's own first, and what the last of them
/// starts from.
struct RolePath: Sendable, Hashable {
  struct Step: Sendable, Hashable {
    var profile: String
    var arn: String
    var sessionName: String?
    var externalID: String?
    var seconds: Int?
  }

  enum Source: Sendable, Hashable {
    case environment
    case container
    case instance
    /// A profile with keys, or another way to them than a role.
    case profile(String)
  }

  private(set) var steps: [Step] = []
  private(set) var source: Source

  /// Follows a profile's sources, by botocore's rules.
  ///
  /// - Throws: `AWSCredentialError` of `provider`: unconfigured where the profile has no role to take on, and
  ///   otherwise for sources that are missing, contradict each other or run in a circle.
  init(_ profile: String, in profiles: AWSProfiles, _ provider: String) throws {
    guard let first = profiles.profile(profile), first.takesRole else {
      throw AWSCredentialError(provider, "profile \(profile) has no role_arn", isUnconfigured: true)
    }
    func problem(_ message: String) -> AWSCredentialError { AWSCredentialError(provider, message) }
    var visited = [profile]
    var current = first
    while true {
      steps.append(try Step(current, problem))
      switch (current["credential_source"], current["source_profile"]) {
      case (_?, _?): throw problem("profile \(current.name) has both source_profile and credential_source")
      case (nil, nil): throw problem("profile \(current.name) lacks source_profile or credential_source")
      case (let name?, nil):
        guard let named = Source(named: name) else {
          throw problem("profile \(current.name) has an unknown credential_source")
        }
        source = named
        return
      case (nil, let name?):
        guard let next = profiles.profile(name) else {
          throw problem("profile \(current.name) has a source_profile that is in no file")
        }
        // Only a profile that takes its own keys may name itself.
        if visited.contains(name), name != current.name || !next.hasKeys {
          throw problem("the source_profile of \(current.name) leads back to where it came from")
        }
        source = .profile(name)
        if next.hasKeys || !next.takesRole { return }
        // Each is a request of its own.
        guard visited.count < 20 else { throw problem("profile \(profile) leads over more than 20 roles") }
        visited.append(name)
        current = next
      }
    }
  }
}

extension RolePath.Step {
  fileprivate init(_ profile: AWSProfile, _ problem: (String) -> AWSCredentialError) throws {
    if profile.has("mfa_serial") {
      throw problem(
        "profile \(profile.name) wants a code of mfa_serial, and nobody is here to type it: "
          + "use keys of `aws sts get-session-token`, or a profile without it")
    }
    let seconds = try profile["duration_seconds"].map { text in
      guard let seconds = Int(text) else {
        throw problem("duration_seconds of profile \(profile.name) is no number")
      }
      return seconds
    }
    guard let arn = profile["role_arn"] else { throw problem("role_arn of profile \(profile.name) is empty") }
    self.init(
      profile: profile.name, arn: arn, sessionName: profile["role_session_name"],
      externalID: profile["external_id"], seconds: seconds)
  }
}

extension RolePath.Source {
  fileprivate init?(named name: String) {
    switch name {
    case "Environment": self = .environment
    case "EcsContainer": self = .container
    case "Ec2InstanceMetadata": self = .instance
    default: return nil
    }
  }
}

extension AWSProfile {
  /// A role to take on with keys; with a web identity's token file it is another provider's.
  fileprivate var takesRole: Bool { has("role_arn") && !has("web_identity_token_file") }
  fileprivate var hasKeys: Bool { has("aws_access_key_id") || has("aws_secret_access_key") }
}

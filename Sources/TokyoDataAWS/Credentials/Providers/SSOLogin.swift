internal import Crypto

/// What a profile says about single sign-on, its `[sso-session …]` section included.
struct SSOLogin: Sendable, Hashable {
  var profile: String
  var startURL: String
  var region: String
  var account: String
  var role: String
  /// The name of the `[sso-session …]` section; nil for profiles of the older form, whose tokens are never
  /// refreshed.
  var session: String?

  /// Reads it from a profile.
  ///
  /// - Throws: `AWSCredentialError` of `provider`: unconfigured where the profile names neither account nor
  ///   role.
  init(_ name: String, in profiles: AWSProfiles, _ provider: String) throws {
    guard let profile = profiles.profile(name), profile.has("sso_role_name") || profile.has("sso_account_id")
    else {
      throw AWSCredentialError(
        provider, "profile \(name) has no sso_account_id and sso_role_name", isUnconfigured: true)
    }
    func problem(_ message: String) -> AWSCredentialError {
      AWSCredentialError(provider, "profile \(name) \(message)")
    }
    let session = try profile["sso_session"].map { section in
      guard let values = profiles.session(section) else {
        throw problem("names an sso-session that is in no file")
      }
      return values
    }
    func value(_ key: String) throws -> String {
      let (own, shared) = (profile[key], session?[key])
      if let own, let shared, own != shared { throw problem("and its sso-session disagree about \(key)") }
      guard let value = shared ?? own else { throw problem("lacks \(key)") }
      return value
    }
    self.profile = name
    self.session = session?.name
    startURL = try value("sso_start_url")
    region = try value("sso_region")
    account = try value("sso_account_id")
    role = try value("sso_role_name")
    // It becomes part of a host's name.
    guard EndpointRules.isRegion(region) else { throw problem("has an sso_region that is none") }
  }

  /// The name of the token's file.
  var cacheKey: String { Self.fileName(of: session ?? startURL) }

  /// The SHA-1 of a session's name or of a start URL, in hexadecimal digits.
  static func fileName(of text: String) -> String {
    Insecure.SHA1.hash(data: Array(text.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count < 2 ? "0" + digits : digits
    }.joined()
  }

  /// An endpoint of the service in the region of the login.
  func endpoint(_ label: String) -> MetadataURL {
    let suffix = AWSPartition.of(region: region).suffix
    return MetadataURL(origin: HTTPOrigin(isSecure: true, host: "\(label).\(region).\(suffix)"))
  }

  /// There is no token that still counts.
  func ended(_ provider: String) -> AWSCredentialError {
    AWSCredentialError(
      provider,
      "the login of profile \(profile) has ended or never was: run `aws sso login --profile \(profile)`")
  }
}

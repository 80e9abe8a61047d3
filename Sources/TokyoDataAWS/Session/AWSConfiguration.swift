/// How AWS is reached: what is left out comes from the environment and from the profile in the shared files.
///
/// The environment's names are those of every AWS tool, such as `AWS_REGION`, `AWS_PROFILE`,
/// `AWS_ENDPOINT_URL_S3`, `AWS_CA_BUNDLE` or `AWS_MAX_ATTEMPTS`. What is set here comes before them, and they
/// come before the profile.
public struct AWSConfiguration: Hashable, Sendable {
  /// The region, such as `ap-northeast-1`.
  public var region: String?
  /// The profile; a profile that is named here also turns off the keys in the environment.
  public var profile: String?
  /// One endpoint for all services, such as `http://127.0.0.1:9000`.
  public var endpointURL: String?
  /// Endpoints of single services, by the names `s3`, `glue`, `athena`, `sts`, `cloudwatch` and
  /// `cloudwatch_logs`: VPC endpoints, or servers that speak a service's language.
  public var endpointURLs: [String: String] = [:]
  /// Endpoints that the environment and the profile name do not count.
  public var ignoresConfiguredEndpointURLs: Bool?
  /// Endpoints that IPv6 reaches too.
  public var usesDualstack: Bool?
  /// Endpoints with validated cryptography.
  public var usesFIPS: Bool?
  /// Where the name of a bucket stands.
  public var bucketAddressing = BucketAddressing.automatic
  /// How often a request is sent at most; 3 unless said otherwise.
  public var maximumAttempts: Int?
  /// How long a connection may take to stand.
  public var connectTimeout = Duration.seconds(5)
  /// How long a request may go on without a byte in either direction.
  public var idleTimeout = Duration.seconds(60)
  /// How long one try of a request may take in all; nil for no limit.
  public var totalTimeout: Duration?
  /// A file of certificates (PEM) to trust instead of the system's.
  public var certificateBundle: String?
  /// A proxy's URL, empty for none; nil for what `https_proxy`, `http_proxy` and `no_proxy` say.
  public var proxy: String?
  /// What the header `user-agent` says of the application, at most 50 characters.
  public var applicationID: String?

  /// Makes a configuration that leaves everything to the environment and the profile.
  ///
  /// - Parameters:
  ///   - region: The region; nil for the environment's or the profile's.
  ///   - profile: The profile; nil for the environment's, or `default`.
  public init(region: String? = nil, profile: String? = nil) {
    self.region = region
    self.profile = profile
  }
}

/// Where the name of a bucket stands in a request to S3.
public struct BucketAddressing: Hashable, Sendable {
  private enum Kind { case automatic, path, virtualHost }
  private let kind: Kind

  /// In the host, except with custom endpoints and for names that no host can have.
  public static let automatic = BucketAddressing(kind: .automatic)
  /// In front of the path.
  public static let path = BucketAddressing(kind: .path)
  /// In the host, with custom endpoints too.
  public static let virtualHost = BucketAddressing(kind: .virtualHost)
}

extension AWSConfiguration: CustomStringConvertible, CustomReflectable {
  /// The region and the profile, if they are set.
  public var description: String {
    "AWSConfiguration(region: \(region ?? "-"), profile: \(profile ?? "-"))"
  }
  /// What a debugger may show: a proxy's URL may have a password.
  public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

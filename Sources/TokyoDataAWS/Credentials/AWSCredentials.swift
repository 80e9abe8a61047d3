public import TokyoDataCore

/// Keys to sign requests with.
///
/// Descriptions never show them.
public struct AWSCredentials: Hashable, Sendable {
  /// The public half.
  public var accessKeyID: String
  /// The secret half.
  public var secretAccessKey: String
  /// What goes with temporary keys.
  public var sessionToken: String?
  /// When they end; nil for keys that last.
  public var expiration: Timestamp?

  /// Makes credentials.
  public init(
    accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Timestamp? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiration = expiration
  }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says only what kind they are.
  public var description: String { sessionToken == nil ? "AWS credentials" : "temporary AWS credentials" }
  /// As `description`.
  public var debugDescription: String { description }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A source of credentials: an environment, a file, a service.
public protocol AWSCredentialProvider: Sendable {
  /// A short name for the list of what was tried, such as `environment`.
  var name: String { get }

  /// Credentials that are good now.
  ///
  /// - Throws: `AWSCredentialError` that says what is missing or failed, without secrets.
  func credentials() async throws -> AWSCredentials
}

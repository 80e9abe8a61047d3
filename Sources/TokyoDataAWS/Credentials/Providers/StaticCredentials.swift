/// Keys that are known from the start.
public struct StaticCredentials: AWSCredentialProvider {
  /// `explicit`.
  public var name: String { "explicit" }
  private let keys: AWSCredentials

  /// Makes a provider of these keys.
  public init(_ credentials: AWSCredentials) { keys = credentials }

  /// Makes a provider of these keys.
  public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
    self.init(
      AWSCredentials(
        accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken))
  }

  /// The keys.
  ///
  /// - Throws: `AWSCredentialError` where one of them is empty.
  public func credentials() async throws -> AWSCredentials {
    guard !keys.accessKeyID.isEmpty, !keys.secretAccessKey.isEmpty else {
      throw AWSCredentialError(name, "a key is empty")
    }
    return keys
  }
}

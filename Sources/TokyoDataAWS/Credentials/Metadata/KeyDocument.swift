internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The JSON in which containers, instances and processes hand out keys.
struct KeyDocument: Decodable, Sendable {
  var version: Int?
  var accessKeyID: String?
  var secretAccessKey: String?
  /// What containers and instances call the session token.
  var token: String?
  /// What processes call it.
  var sessionToken: String?
  var expiration: String?

  private enum CodingKeys: String, CodingKey {
    case version = "Version"
    case accessKeyID = "AccessKeyId"
    case secretAccessKey = "SecretAccessKey"
    case token = "Token"
    case sessionToken = "SessionToken"
    case expiration = "Expiration"
  }

  /// Nil for what is no such JSON.
  init?(_ bytes: [UInt8]) {
    guard let document = try? JSONDecoder().decode(KeyDocument.self, from: Data(bytes)) else { return nil }
    self = document
  }

  /// The keys.
  ///
  /// - Throws: `AWSCredentialError` of `provider`, where one is missing or the end is no time.
  func credentials(_ provider: String) throws -> AWSCredentials {
    guard let accessKeyID, let secretAccessKey, !accessKeyID.isEmpty, !secretAccessKey.isEmpty else {
      throw AWSCredentialError(provider, "the answer lacks AccessKeyId or SecretAccessKey")
    }
    let end = try expiration.map { text in
      guard let moment = Timestamp(loosely: text) else {
        throw AWSCredentialError(provider, "the answer's Expiration is no time")
      }
      return moment
    }
    return AWSCredentials(
      accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: token ?? sessionToken,
      expiration: end)
  }
}

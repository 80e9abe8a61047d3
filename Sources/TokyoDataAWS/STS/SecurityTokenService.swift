/// The calls of STS that give temporary keys.
protocol SecurityTokenService: Sendable {
  /// Keys of a role, asked for with one's own.
  func assumeRole(_ role: RoleRequest) async throws -> AWSCredentials

  /// Keys of a role, asked for with a token of an identity provider; needs no keys.
  func assumeRole(_ role: RoleRequest, webIdentityToken: String) async throws -> AWSCredentials
}

/// A role and how it is taken on.
struct RoleRequest: Sendable, Hashable {
  var arn: String
  /// The name that the account's log shows.
  var sessionName: String
  var externalID: String?
  /// Nil for the service's own: an hour.
  var seconds: Int?
}

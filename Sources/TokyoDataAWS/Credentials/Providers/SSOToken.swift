internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A token of single sign-on as it lies in the cache, which we share with the command line of AWS.
struct SSOToken: Codable, Sendable {
  var startUrl: String?
  var region: String?
  var accessToken: String
  var expiresAt: String
  var clientId: String?
  var clientSecret: String?
  var registrationExpiresAt: String?
  var refreshToken: String?

  /// Nil for what is no token.
  init?(_ bytes: [UInt8]) {
    guard let token = try? JSONDecoder().decode(SSOToken.self, from: Data(bytes)) else { return nil }
    self = token
  }

  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }

  /// A newer token for the refresh token; nil where there is none, or the service does not take it.
  ///
  /// - Throws: `CancellationError`.
  func refreshed(for login: SSOLogin, _ settings: CredentialSettings) async throws -> SSOToken? {
    guard let clientId, let clientSecret, let refreshToken,
      let registered = registrationExpiresAt.flatMap(Timestamp.init(loosely:)), registered > settings.now()
    else { return nil }
    let order = RefreshOrder(clientId: clientId, clientSecret: clientSecret, refreshToken: refreshToken)
    var request = HTTPRequest(
      .post, login.endpoint("oidc").appending("/token"),
      headers: HTTPHeaders(["content-type": "application/json"]))
    request.body = .bytes([Array(try JSONEncoder().encode(order))[...]])
    let answer: MetadataClient.Answer
    do { answer = try await SSOCredentials.client(settings).send(request) } catch is HTTPError { return nil }
    guard answer.status == 200,
      let new = try? JSONDecoder().decode(RefreshAnswer.self, from: Data(answer.body)),
      (1...31_536_000).contains(new.expiresIn)
    else { return nil }
    var token = self
    token.startUrl = login.startURL
    token.region = login.region
    token.accessToken = new.accessToken
    // Whole seconds, the only form that other readers of the cache take.
    let end = settings.now().microsecondsSince1970 / 1_000_000 + Int64(new.expiresIn)
    token.expiresAt =
      Timestamp(microsecondsSince1970: end * 1_000_000).description.prefix { $0 != "." } + "Z"
    token.refreshToken = new.refreshToken
    return token
  }

  private struct RefreshOrder: Encodable {
    var grantType = "refresh_token"
    var clientId: String
    var clientSecret: String
    var refreshToken: String
  }

  private struct RefreshAnswer: Decodable {
    var accessToken: String
    var expiresIn: Int
    var refreshToken: String?
  }
}

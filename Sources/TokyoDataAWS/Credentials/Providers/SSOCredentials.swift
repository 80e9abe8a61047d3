internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Keys of a role of IAM Identity Center, for the token that `aws sso login` left in `~/.aws/sso/cache`.
struct SSOCredentials: AWSCredentialProvider {
  let name = "sso"
  let profile: String
  let settings: CredentialSettings

  func credentials() async throws -> AWSCredentials {
    let login = try SSOLogin(profile, in: settings.profiles(), name)
    let token = try await token(login)
    var request = HTTPRequest(
      .get, login.endpoint("portal.sso").appending("/federation/credentials"),
      headers: HTTPHeaders(["x-amz-sso_bearer_token": token, "accept": "application/json"]))
    request.query =
      "role_name=\(AWSCall.formEncoded(login.role))&account_id=\(AWSCall.formEncoded(login.account))"
    let answer: MetadataClient.Answer
    do { answer = try await Self.client(settings).send(request) } catch let error as HTTPError {
      throw AWSCredentialError(name, "no answer from the portal of single sign-on (\(error))")
    }
    if answer.status == 401 { throw login.ended(name) }
    guard answer.status == 200 else {
      throw AWSCredentialError(name, "the portal of single sign-on answered with status \(answer.status)")
    }
    guard let keys = (try? JSONDecoder().decode(RoleAnswer.self, from: Data(answer.body)))?.roleCredentials
    else {
      throw AWSCredentialError(name, "the portal of single sign-on answered with something else than keys")
    }
    let (end, overflow) = keys.expiration.multipliedReportingOverflow(by: 1000)
    return AWSCredentials(
      accessKeyID: keys.accessKeyId, secretAccessKey: keys.secretAccessKey, sessionToken: keys.sessionToken,
      expiration: overflow ? nil : Timestamp(microsecondsSince1970: end))
  }

  /// A client with the patience of a service on the Internet.
  static func client(_ settings: CredentialSettings) -> MetadataClient {
    MetadataClient(
      transport: settings.transport, clock: settings.clock, timeout: .seconds(15), attempts: 3)
  }

  private struct RoleAnswer: Decodable {
    var roleCredentials: Keys

    struct Keys: Decodable {
      var accessKeyId: String
      var secretAccessKey: String
      var sessionToken: String
      /// Milliseconds since 1970.
      var expiration: Int64
    }
  }

  /// The token of the cache, exchanged for a newer one where it ends soon and a refresh token is there.
  private func token(_ login: SSOLogin) async throws -> String {
    guard let home = settings.environment.home else {
      throw AWSCredentialError(name, "there is no home folder with tokens in it")
    }
    let file = "\(home)/.aws/sso/cache/\(login.cacheKey).json"
    guard let bytes = try? SmallFile.read(file), let held = SSOToken(bytes),
      let end = Timestamp(loosely: held.expiresAt)
    else { throw login.ended(name) }
    let now = settings.now()
    let remaining = now.microseconds(until: end)
    if remaining < 15 * 60_000_000, login.session != nil,
      let new = try await held.refreshed(for: login, settings)
    {
      // Others will find it; where it cannot be written it still serves here.
      try? SmallFile.replace(file, with: new.json())
      return try checked(new.accessToken)
    }
    guard remaining > 0 else { throw login.ended(name) }
    return try checked(held.accessToken)
  }

  private func checked(_ token: String) throws -> String {
    guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw AWSCredentialError(name, "the token cannot stand in a header")
    }
    return token
  }
}

internal import TokyoDataCore

/// The calls of STS: who am I, and keys for a role.
struct STSClient: SecurityTokenService {
  let client: AWSClient

  private static let version = "2011-06-15"
  /// Its answers have a few kilobytes.
  private static let limit = 1 << 18

  /// Who signs with the client's credentials.
  ///
  /// - Throws: as the client; `AWSServiceError.invalidResponse` for an answer that is none, after the last try.
  func callerIdentity() async throws -> CallerIdentity {
    try await ask(Self.callerIdentityCall, Self.identity)
  }

  func assumeRole(_ role: RoleRequest) async throws -> AWSCredentials {
    try await ask(Self.call(role)) { try Self.credentials(in: $0, of: .assumeRole) }
  }

  func assumeRole(_ role: RoleRequest, webIdentityToken: String) async throws -> AWSCredentials {
    try await ask(Self.call(role, webIdentityToken: webIdentityToken)) {
      try Self.credentials(in: $0, of: .assumeRoleWithWebIdentity)
    }
  }

  /// Reads the answer within the try, so that one that cannot be read is asked for again.
  private func ask<Result>(
    _ call: AWSCall, _ read: (AWSAnswer) throws -> Result
  ) async throws -> Result {
    try await client.send(call) { response, body in
      try read(
        AWSAnswer(
          status: response.status, headers: response.headers, body: try await body.collect(upTo: Self.limit)))
    }
  }
}

extension STSClient {
  static var callerIdentityCall: AWSCall { AWSCall(.getCallerIdentity, version: version, parameters: []) }

  static func call(_ role: RoleRequest) -> AWSCall {
    var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
    if let seconds = role.seconds { parameters.append(("DurationSeconds", "\(seconds)")) }
    if let id = role.externalID { parameters.append(("ExternalId", id)) }
    return AWSCall(.assumeRole, version: version, parameters: parameters)
  }

  static func call(_ role: RoleRequest, webIdentityToken: String) -> AWSCall {
    var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
    parameters.append(("WebIdentityToken", webIdentityToken))
    if let seconds = role.seconds { parameters.append(("DurationSeconds", "\(seconds)")) }
    var call = AWSCall(.assumeRoleWithWebIdentity, version: version, parameters: parameters)
    // The token is what proves who asks.
    call.isSigned = false
    return call
  }

  /// The keys in an answer.
  ///
  /// - Throws: `AWSServiceError` where it has none.
  static func credentials(in answer: AWSAnswer, of operation: AWSOperation) throws -> AWSCredentials {
    guard let keys = try result(of: operation, in: answer)["Credentials"],
      let id = keys["AccessKeyId"]?.text, let secret = keys["SecretAccessKey"]?.text,
      let token = keys["SessionToken"]?.text, !id.isEmpty, !secret.isEmpty, !token.isEmpty,
      let end = (keys["Expiration"]?.text).flatMap(Timestamp.init(loosely:))
    else { throw invalid(operation, answer) }
    return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: end)
  }

  /// The identity in an answer.
  ///
  /// - Throws: `AWSServiceError` where it has none.
  static func identity(in answer: AWSAnswer) throws -> CallerIdentity {
    let result = try result(of: .getCallerIdentity, in: answer)
    guard let account = result["Account"]?.text, let arn = result["Arn"]?.text,
      let userID = result["UserId"]?.text
    else { throw invalid(.getCallerIdentity, answer) }
    return CallerIdentity(account: account, arn: arn, userID: userID)
  }

  /// The element with the answer's values, such as `AssumeRoleResult`.
  static func result(of operation: AWSOperation, in answer: AWSAnswer) throws -> XMLElement {
    guard let document = try? XMLElement(reading: answer.body) else { throw invalid(operation, answer) }
    if document.name == "ErrorResponse" {
      throw AWSServiceError(
        inBodyOf: HTTPResponse(status: answer.status, headers: answer.headers), answer.body, of: operation)
    }
    guard document.name == operation.name + "Response", let result = document[operation.name + "Result"]
    else { throw invalid(operation, answer) }
    return result
  }

  private static func invalid(_ operation: AWSOperation, _ answer: AWSAnswer) -> AWSServiceError {
    AWSServiceError(
      service: operation.service.rawValue, operation: operation.name,
      code: AWSServiceError.invalidResponse, status: answer.status,
      requestID: answer.headers["x-amzn-requestid"])
  }
}

/// An identity of AWS as STS names it.
struct CallerIdentity: Sendable, Hashable {
  /// The account's twelve digits.
  var account: String
  /// The user or the session of a role.
  var arn: String
  /// The user's unique id.
  var userID: String
}

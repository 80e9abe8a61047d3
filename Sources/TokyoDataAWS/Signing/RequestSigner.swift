internal import Crypto
internal import TokyoDataCore

/// Signs requests by version 4 of AWS's signatures.
struct RequestSigner: Sendable {
  private let keys = SigningKeys()

  /// What a request is signed as.
  struct Form: Sendable {
    var region: String
    var service: String
    var time: Timestamp
    var path = CanonicalPath.normalized
    var payload = PayloadDigest.empty
    /// The header `x-amz-content-sha256` says what stands for the body; S3 demands it.
    var showsPayload = false
    /// The token of temporary credentials is added after the signature is made, as a few services want it.
    var omitsToken = false
  }

  /// What a signature was made of.
  struct Signature: Sendable, Hashable {
    var canonicalRequest: String
    var stringToSign: String
    var text: String
  }

  /// Adds time, token and signature as headers; what an earlier try has put there is replaced.
  @discardableResult
  func sign(_ request: inout HTTPRequest, as form: Form, with credentials: AWSCredentials) -> Signature {
    let scope = SignatureScope(form.time, region: form.region, service: form.service)
    request.headers["Authorization"] = nil
    request.headers["X-Amz-Date"] = scope.time
    request.headers["X-Amz-Security-Token"] = form.omitsToken ? nil : credentials.sessionToken
    if form.showsPayload { request.headers["x-amz-content-sha256"] = form.payload.text }
    let headers = CanonicalHeaders(request.headers, host: request.origin.authority)
    let signature = signature(of: request, headers, form, scope, credentials)
    request.headers["Authorization"] =
      "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope.text), "
      + "SignedHeaders=\(headers.names), Signature=\(signature.text)"
    if form.omitsToken { request.headers["X-Amz-Security-Token"] = credentials.sessionToken }
    return signature
  }

  /// Adds time, token and signature as parameters: the request becomes a link that is good for so many seconds.
  @discardableResult
  func presign(
    _ request: inout HTTPRequest, as form: Form, with credentials: AWSCredentials, expiresIn seconds: Int?
  ) -> Signature {
    let scope = SignatureScope(form.time, region: form.region, service: form.service)
    let headers = CanonicalHeaders(request.headers, host: request.origin.authority)
    var added: [(name: String, value: String?)] = [
      ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope.text)"),
      ("X-Amz-Date", scope.time), ("X-Amz-SignedHeaders", headers.names),
    ]
    if let seconds { added.append(("X-Amz-Expires", String(seconds))) }
    let token = credentials.sessionToken.map { [("X-Amz-Security-Token", Optional($0))] } ?? []
    request.append(added + (form.omitsToken ? [] : token))
    let signature = signature(of: request, headers, form, scope, credentials)
    request.append([("X-Amz-Signature", signature.text)] + (form.omitsToken ? token : []))
    return signature
  }

  private static let algorithm = "AWS4-HMAC-SHA256"

  private func signature(
    of request: HTTPRequest, _ headers: CanonicalHeaders, _ form: Form, _ scope: SignatureScope,
    _ credentials: AWSCredentials
  ) -> Signature {
    let canonical = """
      \(request.method.rawValue)
      \(form.path.text(request.path))
      \(CanonicalQuery.text(request.query))
      \(headers.text)
      \(headers.names)
      \(form.payload.text)
      """
    let digest = Hexadecimal.text(SHA256.hash(data: Array(canonical.utf8)))
    let toSign = "\(Self.algorithm)\n\(scope.time)\n\(scope.text)\n\(digest)"
    let key = keys.key(of: credentials, scope)
    let code = HMAC<SHA256>.authenticationCode(for: Array(toSign.utf8), using: key)
    return Signature(
      canonicalRequest: canonical, stringToSign: toSign, text: Hexadecimal.text(code))
  }
}

extension HTTPRequest {
  fileprivate mutating func append(_ parameters: [(name: String, value: String?)]) {
    query += (query.isEmpty ? "" : "&") + CanonicalQuery.encode(parameters)
  }
}

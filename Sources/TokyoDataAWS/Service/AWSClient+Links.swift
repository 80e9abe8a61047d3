internal import TokyoDataCore

extension AWSClient {
  /// What S3 accepts.
  static let linkSeconds: ClosedRange<Int64> = 1...604_800

  /// A call as a link; its body is not part of the signature.
  func presign(_ call: AWSCall, for validity: Duration) async throws -> S3Link {
    let asked = validity.components.seconds
    guard Self.linkSeconds.contains(asked) else {
      throw TokyoDataError(.invalidArgument, "a link is good for a second to seven days")
    }
    let endpoint = try self.endpoint(of: call, in: region(of: call))
    let keys = try await credentials.credentials()
    let now = time.now()
    var request = PreparedCall(call).bareRequest(to: endpoint)
    var form = RequestSigner.Form(
      region: endpoint.region, service: call.operation.service.signingName,
      time: state.skew.time(at: endpoint.origin.host, now))
    form.path = .asSent
    form.payload = .unsigned
    state.signer.presign(&request, as: form, with: keys, expiresIn: Int(asked))
    // Counted from the whole second that is signed.
    let signed = now.adding(microseconds: -(now.microsecondsSince1970 % 1_000_000))
    let end = signed.adding(microseconds: asked * 1_000_000)
    return S3Link(
      url: "\(request.origin.isSecure ? "https" : "http")://\(request.origin.authority)\(request.path)?"
        + request.query,
      method: request.method.rawValue,
      headers: Dictionary(request.headers.fields.map { ($0.name, $0.value) }) { _, last in last },
      expiration: keys.expiration.map { min($0, end) } ?? end)
  }
}

/// A request to a service, not yet signed: the client finds its endpoint, signs it and sends it, again where that may help.
struct AWSCall: Sendable {
  var operation: AWSOperation
  var method = HTTPMethod.post
  /// The bucket, for S3: it goes into the host or in front of the path, as the endpoint's rules say.
  var bucket: String?
  /// The path as it is meant, not encoded: `/`, or `/` and the object's key.
  var path = "/"
  /// Parameters, not encoded; a nil value stands for a name alone, as in `?uploads`.
  var query: [(name: String, value: String?)] = []
  /// Headers beyond those that the client sets itself: host, date, token, checksum of the payload.
  var headers = HTTPHeaders()
  var body = HTTPRequestBody.none
  /// What stands for the body in the signature.
  var payload = PayloadSigning.signed
  /// False for the few calls that need no credentials, such as `AssumeRoleWithWebIdentity`.
  var isSigned = true

  init(_ operation: AWSOperation) { self.operation = operation }

  enum PayloadSigning: Sendable, Hashable {
    /// The body's SHA-256.
    case signed
    /// A SHA-256 that is known already, in hexadecimal digits.
    case hash(String)
    /// Nothing (`UNSIGNED-PAYLOAD`), over TLS only; over plain HTTP the body is hashed all the same.
    case unsigned
    /// Nothing, for a body in chunks with its checksum behind it (`aws-chunked`).
    case unsignedWithTrailer
  }
}

/// A successful answer, read whole.
struct AWSAnswer: Sendable {
  var status: Int
  var headers: HTTPHeaders
  var body: [UInt8]
}

internal import Synchronization

/// A call with what stays the same in all its tries.
struct PreparedCall: Sendable {
  let call: AWSCall
  let body: HTTPRequestBody
  private let usage = BodyUsage()
  /// By which the service knows the tries of one call.
  private let invocationID: String

  init(_ call: AWSCall) {
    self.call = call
    var generator = SystemRandomNumberGenerator()
    invocationID = String(generator.next(), radix: 16) + "-" + String(generator.next(), radix: 16)
    if case .stream(let length, let next) = call.body {
      let usage = usage
      body = .stream(length: length) {
        usage.take()
        return try await next()
      }
    } else {
      body = call.body
    }
  }

  /// The body can be sent from its beginning: a stream only as long as nothing was taken from it.
  var canReplay: Bool { !usage.isTaken }

  /// The request, without signature.
  func request(to endpoint: Endpoint, userAgent: String, attempt: Int, of maximum: Int) -> HTTPRequest {
    var request = bareRequest(to: endpoint)
    // What the answer to a second try means can be told only by who knows that there was a first one.
    request.isResendable = call.operation.repetition == .harmless
    request.headers["user-agent"] = userAgent
    request.headers["amz-sdk-invocation-id"] = invocationID
    request.headers["amz-sdk-request"] = "attempt=\(attempt); max=\(maximum)"
    return request
  }

  /// The request as the call says, without what this client adds.
  func bareRequest(to endpoint: Endpoint) -> HTTPRequest {
    let key = URIEncoding.encode(call.path, keepsSlashes: true)
    // A bucket itself has no slash behind it.
    let path = call.bucket != nil && key == "/" && !endpoint.path.isEmpty ? "" : key
    return HTTPRequest(
      method: call.method, origin: endpoint.origin, path: endpoint.path + path,
      query: CanonicalQuery.encode(call.query), headers: call.headers, body: body)
  }

  /// What stands for the body in the signature.
  func digest(isSecure: Bool) -> PayloadDigest {
    switch call.payload {
    case .hash(let digits): return PayloadDigest(digits)
    case .unsignedWithTrailer: return .unsignedWithTrailer
    case .unsigned where isSecure && call.operation.service == .s3: return .unsigned
    case .unsigned, .signed:
      switch body {
      case .none: return .empty
      case .bytes(let pieces): return PayloadDigest(of: pieces)
      // Its bytes are not there yet.
      case .stream: return .unsigned
      }
    }
  }
}

/// Whether a stream has been asked for bytes.
private final class BodyUsage: Sendable {
  private let taken = Mutex(false)
  var isTaken: Bool { taken.withLock { $0 } }
  func take() { taken.withLock { $0 = true } }
}

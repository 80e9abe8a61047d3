/// What a service answered instead of doing what it was asked.
struct ServiceRefusal: Error, Sendable {
  var error: AWSServiceError
  var headers: HTTPHeaders
  /// For S3: the region that the service says the bucket is in.
  var region: String?
  /// The answer had no body, as to HEAD, so that the code is made up of the status.
  var isNaked = false

  /// S3 answers so to a HEAD with a token that has expired.
  var isNakedBadRequest: Bool { isNaked && error.status == 400 }
}

extension ServiceRefusal {
  /// An answer with a status that is not one of success.
  ///
  /// The body's own form says what it is: JSON, or XML as S3 or as the older services write it.
  init(_ response: HTTPResponse, _ body: [UInt8], of operation: AWSOperation) {
    headers = response.headers
    let document = ErrorDocument(body) ?? ErrorDocument()
    let type = response.headers["x-amzn-errortype"] ?? document.code
    let code = type.flatMap(Self.code)
    error = AWSServiceError(
      service: operation.service.rawValue, operation: operation.name,
      code: code ?? Self.code(ofStatus: response.status), status: response.status,
      requestID: (Self.requestIDs.compactMap { response.headers[$0] }.first ?? document.requestID)
        .flatMap(Self.word),
      message: document.message, detail: document.detail.flatMap(Self.word))
    region = [response.headers["x-amz-bucket-region"], document.region].compactMap(\.self)
      .first(where: EndpointRules.isRegion)
    isNaked = code == nil
  }

  private static let requestIDs = ["x-amz-request-id", "x-amzn-requestid", "x-amzn-request-id"]

  /// `com.amazonaws.athena#InvalidRequestException:http://…` names an InvalidRequestException.
  private static func code(_ type: String) -> String? {
    let name = type.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
    return word(String(name.prefix { $0 != ":" }))
  }

  /// What may stand in an error's description: a service that is not what it seems could write anything.
  private static func word(_ text: String) -> String? {
    let isWord = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "._-+/=".utf8.contains(byte)
      }
    }
    return isWord && (1...128).contains(text.utf8.count) ? text : nil
  }

  private static func code(ofStatus status: Int) -> String {
    switch status {
    case 301: "PermanentRedirect"
    case 304: "NotModified"
    case 307: "TemporaryRedirect"
    case 400: "BadRequest"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "NotFound"
    case 405: "MethodNotAllowed"
    case 409: "Conflict"
    case 412: "PreconditionFailed"
    case 416: "InvalidRange"
    case 429: "TooManyRequests"
    case 500: "InternalError"
    case 501: "NotImplemented"
    case 503: "ServiceUnavailable"
    default: "HTTP\(status)"
    }
  }
}

extension AWSServiceError {
  /// An error in the body of an answer with a status of success.
  ///
  /// What was done before it is as open as with the status of a failure within the service, which stands for it.
  init(inBodyOf response: HTTPResponse, _ body: [UInt8], of operation: AWSOperation) {
    var response = response
    response.status = 500
    self = ServiceRefusal(response, body, of: operation).error
  }
}

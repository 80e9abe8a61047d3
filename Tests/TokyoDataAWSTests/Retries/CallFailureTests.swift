import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Kinds of failures")
struct CallFailureTests {
  private func failure(
    _ status: Int, _ body: String, _ headers: HTTPHeaders = HTTPHeaders(), service: AWSService = .glue,
    name: String = "GetTable"
  ) -> CallFailure {
    let operation = AWSOperation(service, name)
    let refusal = ServiceRefusal(
      HTTPResponse(status: status, headers: headers), Array(body.utf8), of: operation)
    return CallFailure(refusal, of: operation, region: "eu-west-1")
  }

  @Test(
    "By code",
    arguments: [
      ("ThrottlingException", .throttled), ("TooManyRequestsException", .throttled), ("SlowDown", .throttled),
      ("RequestLimitExceeded", .throttled), ("InternalServiceException", .transient),
      ("OperationTimeoutException", .transient), ("RequestTimeout", .transient),
      ("IDPCommunicationError", .transient), ("ResourceNotReadyException", .transient),
      ("FederationSourceRetryableException", .transient), ("ConditionalRequestConflict", .transient),
      ("ExpiredTokenException", .credentials), ("UnrecognizedClientException", .credentials),
      ("RequestTimeTooSkewed", .clock(definite: true)), ("RequestExpired", .clock(definite: true)),
      ("InvalidSignatureException", .clock(definite: false)),
      ("SignatureDoesNotMatch", .clock(definite: false)),
      ("EntityNotFoundException", .final), ("AccessDeniedException", .final),
      ("InvalidRequestException", .final),
      ("ConcurrentModificationException", .final), ("AlreadyExistsException", .final),
      ("PreconditionFailed", .final),
    ] as [(String, CallFailure.Kind)])
  func codes(code: String, kind: CallFailure.Kind) {
    #expect(failure(400, #"{"__type":"com.amazonaws#\#(code)"}"#).kind == kind)
    #expect(failure(400, "<ErrorResponse><Error><Code>\(code)</Code></Error></ErrorResponse>").kind == kind)
    #expect(failure(400, "{}", HTTPHeaders(["x-amzn-ErrorType": "\(code):http://x/"])).kind == kind)
  }

  @Test(
    "By status, where there is no code",
    arguments: [
      (500, .transient), (502, .transient), (503, .transient), (504, .transient), (429, .throttled),
      (501, .final), (404, .final), (412, .final), (403, .clock(definite: false)), (400, .credentials),
    ] as [(Int, CallFailure.Kind)])
  func statuses(status: Int, kind: CallFailure.Kind) {
    let failure = failure(status, "")
    #expect(failure.kind == kind)
    #expect(failure.mayBeDone == (status >= 500 && kind == .transient))
  }

  @Test("An answer that cannot be read, or that an error stands in, leaves open what was done")
  func answered() {
    let operation = AWSOperation.putMetricData
    let response = HTTPResponse(status: 200, headers: HTTPHeaders())
    for error in [
      AWSServiceError(
        service: "sts", operation: "AssumeRole", code: AWSServiceError.invalidResponse, status: 200),
      AWSServiceError(inBodyOf: response, Array(#"{"__type": "InternalError"}"#.utf8), of: operation),
    ] {
      let failure = CallFailure(
        ServiceRefusal(error: error, headers: response.headers), of: operation, region: "eu-west-1")
      #expect(failure == CallFailure(.transient, mayBeDone: true))
    }
  }

  @Test("A conflict ends the completion of an upload, whose parts are gone then")
  func completion() {
    let body = "<Error><Code>ConditionalRequestConflict</Code></Error>"
    #expect(failure(409, body, service: .s3, name: "CompleteMultipartUpload").kind == .final)
    #expect(failure(409, body, service: .s3, name: "PutObject").kind == .transient)
  }

  @Test("A region in an answer counts for S3, and only with a refusal that is about it")
  func regions() {
    let elsewhere = HTTPHeaders(["x-amz-bucket-region": "us-west-2"])
    #expect(failure(301, "", elsewhere, service: .s3).kind == .moved(region: "us-west-2"))
    #expect(failure(404, "<Error><Code>NoSuchKey</Code></Error>", elsewhere, service: .s3).kind == .final)
    #expect(failure(301, "", elsewhere).kind == .final)
  }

  @Test("Every failure without an answer has its kind")
  func http() {
    for code in HTTPError.Code.allCases {
      let failure = CallFailure(HTTPError(code))
      switch code {
      case .connectTimeout, .idleTimeout, .totalTimeout: #expect(failure.kind == .timeout)
      case .insecure, .invalidRequest, .bodyTooLarge, .closed: #expect(failure.kind == .final)
      default: #expect(failure.kind == .transient)
      }
      #expect(failure.mayBeDone == !HTTPError(code).isUnsent)
    }
  }

  @Test(
    "The time of a header",
    arguments: [
      ("Thu, 26 Nov 2026 02:19:28 GMT", "2026-11-26T02:19:28Z"),
      ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
      ("Mon, 5 Jan 2026 00:00:00 GMT", "2026-01-05T00:00:00Z"), ("Thu, 31 Nov 2026 02:19:28 GMT", nil),
      ("Thu, 26 Nov 2026 02:19:28 CET", nil), ("Thursday, 26-Nov-26 02:19:28 GMT", nil), ("", nil),
      ("Thu, 26 Nov 2026 25:19:28 GMT", nil), ("Thu, 26 Nov 99999 02:19:28 GMT", nil),
      ("2026-11-26T02:19:28Z", nil),
    ] as [(String, String?)])
  func date(text: String, expected: String?) {
    let time = expected.flatMap { Timestamp($0) }
    #expect(HTTPDate.timestamp(text) == time)
  }
}

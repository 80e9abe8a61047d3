import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("S3's errors in our terms")
struct S3ErrorTests {
  @Test(
    "each refusal says whose move it is",
    arguments: [
      ("NoSuchKey", 404, .notFound), ("NoSuchBucket", 404, .notFound), ("404", 404, .notFound),
      ("PreconditionFailed", 412, .conflict), ("ConditionalRequestConflict", 409, .conflict),
      ("OperationAborted", 409, .busy), ("AccessDenied", 403, .permissionDenied),
      ("SignatureDoesNotMatch", 403, .permissionDenied), ("ExpiredToken", 400, .permissionDenied),
      ("InvalidObjectState", 403, .unsupported), ("InvalidRange", 416, .invalidData),
      ("SlowDown", 503, .unavailable), ("InternalError", 500, .unavailable), ("TooMany", 429, .unavailable),
      ("RequestTimeout", 400, .timeout), ("BadDigest", 400, .unavailable),
      ("MalformedXML", 400, .invalidArgument),
      ("NotImplemented", 501, .unsupported), ("Odd", 599, .serverError), ("Odd", 302, .serverError),
    ] as [(String, Int, TokyoDataError.Code)])
  func services(_ code: String, _ status: Int, _ expected: TokyoDataError.Code) throws {
    let cause = AWSServiceError(
      service: "s3", operation: "GetObject", code: code, status: status, requestID: "R1",
      message: "bucket secret-bucket", attempts: 3)
    let error = try #require(TokyoDataError.of(cause, object: "part-0", store: "s3") as? TokyoDataError)
    #expect(error.code == expected)
    #expect(error.cause as? AWSServiceError == cause)
    #expect(error.context.store == "s3")
    #expect(error.context.attempts == 3)
    #expect("\(error)".contains("part-0") && "\(error)".contains("R1"))
    #expect(!"\(error)".contains("secret-bucket"))
  }

  @Test("what is not about the call stays as it is")
  func others() {
    #expect(TokyoDataError.of(CancellationError(), object: "x", store: "s3") is CancellationError)
    let own = TokyoDataError(.busy, "mine", context: .init(store: "other"))
    let error = TokyoDataError.of(own, object: "x", store: "s3") as? TokyoDataError
    #expect(error?.code == .busy)
    #expect(error?.context.store == "other")
  }

  @Test("a transfer that failed is unavailable or late, bytes that are wrong are invalid")
  func transfers() {
    for (code, expected) in [
      (.cannotConnect, .unavailable), (.connectionLost, .unavailable), (.idleTimeout, .timeout),
      (.totalTimeout, .timeout), (.connectTimeout, .timeout), (.invalidResponse, .invalidData),
      (.bodyTooLarge, .invalidData), (.insecure, .serverError), (.closed, .unavailable),
    ] as [(HTTPError.Code, TokyoDataError.Code)] {
      let error = TokyoDataError.of(HTTPError(code), object: "x", store: "s3") as? TokyoDataError
      #expect(error?.code == expected, "\(code)")
    }
  }
}

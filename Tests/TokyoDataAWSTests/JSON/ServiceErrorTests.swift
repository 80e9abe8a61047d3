import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Refusals of services other than S3, in our terms")
struct ServiceErrorTests {
  @Test(
    "each says whose move it is, by its code, or by the status where the code is not known",
    arguments: [
      ("EntityNotFoundException", 400, .notFound), ("AlreadyExistsException", 400, .conflict),
      ("AccessDeniedException", 400, .permissionDenied), ("ValidationException", 400, .invalidArgument),
      ("ThrottlingException", 400, .busy), ("RequestTimeout", 400, .timeout),
      ("InvalidResponse", 200, .invalidData), ("AccessDenied", 403, .permissionDenied),
      ("SignatureDoesNotMatch", 403, .permissionDenied), ("Unauthorized", 401, .permissionDenied),
      ("TooManyRequests", 429, .busy), ("InternalError", 500, .unavailable), ("Odd", 400, .serverError),
    ] as [(String, Int, TokyoDataError.Code)])
  func codes(_ code: String, _ status: Int, _ expected: TokyoDataError.Code) {
    let cause = AWSServiceError(service: "sts", operation: "AssumeRole", code: code, status: status)
    #expect(cause.tokyoDataCode == expected)
  }
}

import Testing

@testable import TokyoDataAWS

@Suite("Refusals of services")
struct ServiceRefusalTests {
  private func read(
    _ body: String, status: Int = 400, _ headers: HTTPHeaders = HTTPHeaders(), service: AWSService = .athena
  ) -> ServiceRefusal {
    ServiceRefusal(
      HTTPResponse(status: status, headers: headers), Array(body.utf8), of: AWSOperation(service, "Do"))
  }

  @Test("S3 writes XML")
  func s3() {
    let refusal = read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong</Message>
      <Region>us-west-2</Region><RequestId>ABC</RequestId><HostId>x=</HostId></Error>
      """, service: .s3)
    #expect(
      refusal.error
        == AWSServiceError(
          service: "s3", operation: "Do", code: "AuthorizationHeaderMalformed", status: 400, requestID: "ABC",
          message: "the region is wrong"))
    #expect(refusal.region == "us-west-2" && !refusal.isNaked)
  }

  @Test("STS and CloudWatch put it into a response")
  func query() {
    let refusal = read(
      """
      <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
      <Code>ExpiredToken</Code><Message>old</Message></Error><RequestId>R</RequestId></ErrorResponse>
      """, service: .sts)
    #expect(refusal.error.code == "ExpiredToken" && refusal.error.message == "old")
    #expect(refusal.error.requestID == "R")
  }

  @Test("JSON, in all its spellings")
  func json() {
    let body =
      #"{"__type":"com.amazonaws.athena#InvalidRequestException","Message":"m","AthenaErrorCode":"INVALID_INPUT"}"#
    let refusal = read(body, HTTPHeaders(["x-amzn-RequestId": "R-1"]))
    #expect(refusal.error.code == "InvalidRequestException" && refusal.error.message == "m")
    #expect(refusal.error.detail == "INVALID_INPUT" && refusal.error.requestID == "R-1")
    #expect(read(#"{"__type":"Plain","message":"m"}"#).error.code == "Plain")
    #expect(read(#"{"code":"ByCode","message":7}"#).error.code == "ByCode")
    #expect(
      read(#"{"Reason":"CONCURRENT_QUERY_LIMIT_EXCEEDED","__type":"TooManyRequestsException"}"#).error.detail
        == "CONCURRENT_QUERY_LIMIT_EXCEEDED")
    let typed = HTTPHeaders(["X-Amzn-ErrorType": "FromHeader:http://internal.amazon.com/coral/"])
    #expect(read(#"{"__type":"FromBody"}"#, typed).error.code == "FromHeader")
    #expect(read("", typed).error.code == "FromHeader")
  }

  @Test(
    "Without a body that says so, the status says what it is",
    arguments: [
      (304, "NotModified"), (400, "BadRequest"), (403, "Forbidden"), (404, "NotFound"),
      (412, "PreconditionFailed"),
      (503, "ServiceUnavailable"), (418, "HTTP418"),
    ])
  func naked(status: Int, code: String) {
    for body in [
      "", "Bad gateway", "<html><body>no</body>", "{", "<!DOCTYPE html><html/>", "[]", "{\"__type\":7}",
    ] {
      let refusal = read(body, status: status)
      #expect(refusal.error.code == code && refusal.isNaked)
    }
  }

  @Test("A server that is none cannot write what it likes into an error's description")
  func hostile() {
    let refusal = read(
      "<Error><Code>a b\nc</Code><Message>secret</Message><RequestId>x\r\ny</RequestId></Error>",
      HTTPHeaders(["x-amz-bucket-region": "evil.example/"]))
    #expect(refusal.error.code == "BadRequest" && refusal.error.requestID == nil && refusal.region == nil)
    #expect(!"\(refusal.error)".contains("secret"))
    let late = AWSServiceError(
      inBodyOf: HTTPResponse(status: 200, headers: HTTPHeaders()),
      Array("<Error><Code>a b</Code></Error>".utf8), of: .createTable)
    #expect(late.code == "InternalError")
    let long = String(repeating: "A", count: 129)
    #expect(read("<Error><Code>\(long)</Code></Error>").error.code == "BadRequest")
    let deep = String(repeating: "[", count: 100_000)
    #expect(read("{\"__type\":\(deep)").error.code == "BadRequest")
    #expect(read("{\"__type\":{\"a\":\(deep)").error.code == "BadRequest")
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Calls of STS")
struct STSClientTests {
  private func body(_ call: AWSCall) -> String {
    guard case .bytes(let pieces) = call.body else { return "" }
    return String(decoding: pieces.joined(), as: UTF8.self)
  }

  private func answer(_ text: String) -> AWSAnswer {
    AWSAnswer(status: 200, headers: HTTPHeaders(["x-amzn-requestid": "r1"]), body: Array(text.utf8))
  }

  private static let identityAnswer =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn>"
    + "<UserId>U</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"

  private let role = RoleRequest(
    arn: "arn:aws:iam::1:role/a b+c", sessionName: "s@x", externalID: "é&=~", seconds: 900)

  @Test("A role is asked for in a form whose values are percent-encoded, and the call is signed")
  func assumeRole() {
    let call = STSClient.call(role)
    #expect(
      body(call) == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b%2Bc"
        + "&RoleSessionName=s%40x&DurationSeconds=900&ExternalId=%C3%A9%26%3D~")
    #expect(call.isSigned && call.method == .post && call.path == "/")
    #expect(call.headers["content-type"] == "application/x-www-form-urlencoded; charset=utf-8")
  }

  @Test("With a token of an identity provider the call is not signed, and has no external id")
  func webIdentity() {
    let call = STSClient.call(role, webIdentityToken: "a.b.c")
    #expect(!call.isSigned)
    #expect(body(call).contains("Action=AssumeRoleWithWebIdentity&"))
    #expect(body(call).contains("&WebIdentityToken=a.b.c&DurationSeconds=900"))
    #expect(!body(call).contains("ExternalId"))
  }

  @Test("Keys and their end are read from the answer")
  func keys() throws {
    let keys = try STSClient.credentials(
      in: answer(
        """
        <?xml version="1.0"?>
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
          <AssumedRoleUser><Arn>arn</Arn></AssumedRoleUser>
          <Credentials><AccessKeyId>id</AccessKeyId><SecretAccessKey>s/e=c</SecretAccessKey>
            <SessionToken>to+ken</SessionToken><Expiration>2026-11-26T03:00:00Z</Expiration></Credentials>
        </AssumeRoleResult><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></AssumeRoleResponse>
        """), of: .assumeRole)
    #expect(keys.accessKeyID == "id" && keys.secretAccessKey == "s/e=c" && keys.sessionToken == "to+ken")
    #expect(keys.expiration == Timestamp("2026-11-26T03:00:00Z"))
  }

  @Test("The identity is read from the answer")
  func identity() throws {
    let identity = try STSClient.identity(in: answer(Self.identityAnswer))
    #expect(identity == CallerIdentity(account: "1", arn: "arn:aws:iam::1:user/u", userID: "U"))
  }

  @Test(
    "An answer without keys, or of another call, is an error with the request's id",
    arguments: [
      "", "{}", "<AssumeRoleResponse/>", "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>",
      "<Other><AssumeRoleResult/></Other>",
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>i</AccessKeyId><SecretAccessKey>s"
        + "</SecretAccessKey><SessionToken>t</SessionToken><Expiration>soon</Expiration></Credentials>"
        + "</AssumeRoleResult></AssumeRoleResponse>",
    ])
  func invalid(_ text: String) async {
    let reply = ScriptedTransport.Reply.answer(200, [("x-amzn-requestid", "r1")], text)
    let transport = ScriptedTransport(reply, reply, reply)
    let expected = AWSServiceError(
      service: "sts", operation: "AssumeRole", code: "InvalidResponse", status: 200, requestID: "r1",
      attempts: 3)
    await #expect(throws: expected) {
      try await STSClient(client: .standIn(transport)).assumeRole(role)
    }
    #expect(expected.tokyoDataCode == .invalidData)
  }

  @Test(
    "An answer that is damaged, or that an error stands in, is asked for again",
    arguments: [
      "=GetCallerIdentityResponse>", "<GetCaller",
      "<ErrorResponse><Error><Code>InternalError</Code></Error></ErrorResponse>",
    ])
  func damaged(_ text: String) async throws {
    let transport = ScriptedTransport(.answer(200, [], text), .answer(200, [], Self.identityAnswer))
    #expect(try await STSClient(client: .standIn(transport)).callerIdentity().account == "1")
    #expect(transport.seen.count == 2)
  }

  @Test("The error that stands in every try's answer is the call's")
  func errorInside() async {
    let reply = ScriptedTransport.Reply.answer(
      200, [], "<ErrorResponse><Error><Code>InternalError</Code></Error></ErrorResponse>")
    let error = await #expect(throws: AWSServiceError.self) {
      try await STSClient(client: .standIn(ScriptedTransport(reply, reply, reply))).callerIdentity()
    }
    #expect(error?.code == "InternalError" && error?.attempts == 3)
  }
}

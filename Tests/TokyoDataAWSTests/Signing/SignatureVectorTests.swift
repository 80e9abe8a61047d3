import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("The published signatures", .enabled(if: SignatureVector.areHere, "TOKYO_TEST_SHARED is not set"))
struct SignatureVectorTests {
  @Test("There are cases")
  func count() { #expect(SignatureVector.all.count >= 26) }

  @Test("Signed as headers", arguments: SignatureVector.all)
  func headers(vector: SignatureVector) throws {
    let (written, credentials, form) = try read(vector)
    var request = written.request
    let signature = RequestSigner().sign(&request, as: form, with: credentials)
    try compare(signature, request, vector, "header")
    let again = RequestSigner().sign(&request, as: form, with: credentials)
    #expect(again == signature, "a second try is signed as the first")
  }

  @Test("Signed as parameters", arguments: SignatureVector.all)
  func parameters(vector: SignatureVector) throws {
    let (written, credentials, form) = try read(vector)
    var request = written.request
    let signature = RequestSigner().presign(
      &request, as: form, with: credentials, expiresIn: try vector.context().expirationInSeconds)
    try compare(signature, request, vector, "query")
  }

  private func read(_ vector: SignatureVector) throws -> (
    WrittenRequest, AWSCredentials, RequestSigner.Form
  ) {
    let context = try vector.context()
    let written = try WrittenRequest(vector.text("request.txt"))
    let time = try #require(Timestamp(context.timestamp))
    var form = RequestSigner.Form(region: context.region, service: context.service, time: time)
    form.path = CanonicalPath(
      resolvesDots: context.normalize, encodesAgain: context.useDoubleUriEncode ?? true)
    form.payload = PayloadDigest(of: [Array(written.body.utf8)[...]])
    form.showsPayload = context.signBody
    form.omitsToken = context.omitSessionToken ?? false
    let credentials = AWSCredentials(
      accessKeyID: context.credentials.accessKeyId, secretAccessKey: context.credentials.secretAccessKey,
      sessionToken: context.credentials.token)
    return (written, credentials, form)
  }

  private func compare(
    _ signature: RequestSigner.Signature, _ request: HTTPRequest, _ vector: SignatureVector, _ form: String
  ) throws {
    #expect(try signature.canonicalRequest == vector.text("\(form)-canonical-request.txt"))
    #expect(try signature.stringToSign == vector.text("\(form)-string-to-sign.txt"))
    #expect(try signature.text == vector.text("\(form)-signature.txt"))
    let expected = try WrittenRequest(vector.text("\(form)-signed-request.txt")).request
    #expect(WrittenRequest.parts(request) == WrittenRequest.parts(expected))
  }
}

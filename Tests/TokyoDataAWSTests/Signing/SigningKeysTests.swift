import Crypto
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Keys for signatures")
struct SigningKeysTests {
  private let credentials = AWSCredentials(accessKeyID: "id", secretAccessKey: "secret")

  private func scope(_ time: String, _ region: String = "eu-west-1") throws -> SignatureScope {
    SignatureScope(try #require(Timestamp(time)), region: region, service: "s3")
  }

  @Test("A day, a region and a secret have one key, whatever the time")
  func once() throws {
    let keys = SigningKeys()
    let morning = keys.key(of: credentials, try scope("2026-11-26T00:00:00Z"))
    #expect(keys.key(of: credentials, try scope("2026-11-26T23:59:59Z")) == morning)
    #expect(keys.count == 1)
    #expect(keys.key(of: credentials, try scope("2026-11-27T00:00:00Z")) != morning)
    #expect(keys.key(of: credentials, try scope("2026-11-26T00:00:00Z", "eu-west-2")) != morning)
    var others = credentials
    others.secretAccessKey = "another"
    #expect(keys.key(of: others, try scope("2026-11-26T00:00:00Z")) != morning)
    #expect(keys.count == 4)
  }

  @Test("However many secrets there were, few keys are kept")
  func bounded() throws {
    let keys = SigningKeys()
    for number in 0..<1000 {
      let credentials = AWSCredentials(accessKeyID: "id", secretAccessKey: "secret \(number)")
      _ = keys.key(of: credentials, try scope("2026-11-26T00:00:00Z"))
      #expect(keys.count <= 32)
    }
  }

  @Test("A time is written without fraction and punctuation")
  func time() throws {
    let scope = try scope("2015-08-30T12:36:00.999999Z")
    #expect(scope.time == "20150830T123600Z")
    #expect(scope.text == "20150830/eu-west-1/s3/aws4_request")
  }
}

import Foundation
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Signatures of random requests")
struct BotocoreSignatureTests {
  private struct Question: Encodable {
    var time: String
    var origin: String
    var path: String
    var query: String
    var method: String
    var headers: [[String]]
    var body: Data
    var payload: String
    var key: String
    var secret: String
    var token: String?
    var service: String
    var region: String
    var seconds: Int?

    enum CodingKeys: CodingKey {
      case time, origin, path, query, method, headers, body, payload, key, secret, token, service, region
      case seconds
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(time, forKey: .time)
      try values.encode(origin, forKey: .origin)
      try values.encode(path, forKey: .path)
      try values.encode(query, forKey: .query)
      try values.encode(method, forKey: .method)
      try values.encode(headers, forKey: .headers)
      try values.encode(body, forKey: .body)
      try values.encode(payload, forKey: .payload)
      try values.encode(key, forKey: .key)
      try values.encode(secret, forKey: .secret)
      // The oracle wants to be told that there is none.
      try values.encode(token, forKey: .token)
      try values.encode(service, forKey: .service)
      try values.encode(region, forKey: .region)
      try values.encode(seconds, forKey: .seconds)
    }
  }

  private struct Answer: Decodable {
    var canonical_request: String
    var string_to_sign: String
    var signature: String
  }

  private struct Case {
    var question: Question
    var signature: RequestSigner.Signature
  }

  @Test("botocore signs the same bytes with the same result", arguments: [1, 2, 3, 4] as [UInt64])
  func random(seed: UInt64) throws {
    var dice = SeededGenerator(seed)
    let signer = RequestSigner()
    let cases = try (0..<150).map { _ in try Self.makeCase(&dice, signer) }
    let answers = try BotocoreOracle.answers(cases.map(\.question), as: Answer.self)
    for (one, answer) in zip(cases, answers) {
      #expect(one.signature.canonicalRequest == answer.canonical_request)
      #expect(one.signature.stringToSign == answer.string_to_sign)
      #expect(one.signature.text == answer.signature)
    }
  }

  private static let letters = Array("abcXYZ019-._~")
  private static let others = Array(" !\"#$%&'()*+,/:;<=>?@[]^`{|}é東🗼\t")

  private static func makeCase(_ dice: inout SeededGenerator, _ signer: RequestSigner) throws -> Case {
    let service = dice.pick(["s3", "s3", "glue", "athena", "sts", "monitoring", "logs"])
    let isS3 = service == "s3"
    let isPresigned = Int.random(in: 0..<4, using: &dice) == 0
    let time = Timestamp(
      microsecondsSince1970: Int64.random(in: 0...4_000_000_000, using: &dice) * 1_000_000)
    let credentials = AWSCredentials(
      accessKeyID: "AK" + dice.text(Array("ABC123"), 8...18),
      secretAccessKey: dice.text(letters + ["/", "+"], 1...60),
      sessionToken: Bool.random(using: &dice) ? dice.text(letters + ["/", "+", "="], 1...300) : nil)
    var form = RequestSigner.Form(
      region: dice.pick(["us-east-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1"]), service: service,
      time: time)
    form.path = isS3 ? .asSent : .normalized
    form.showsPayload = isS3 && !isPresigned

    var request = HTTPRequest(
      method: dice.pick([.get, .put, .post, .delete, .head]),
      origin: HTTPOrigin(
        isSecure: true, host: dice.pick(["a.example.com", "127.0.0.1"]), port: dice.pick([nil, 443, 8080])),
      path: path(&dice))
    request.query = query(&dice)
    for index in 0..<Int.random(in: 0...4, using: &dice) {
      let name = dice.pick(["x-amz-meta-a", "X-Amz-Meta-B", "Content-Type", "Range", "User-Agent", "Expect"])
      request.headers.add(name, dice.text(letters + [" ", "\t", ",", "\"", ";"], 0...20) + "\(index)")
    }
    let body = isPresigned ? "" : dice.text(letters + others, 0...100)
    var payload = "signed"
    if isPresigned && isS3 {
      form.payload = .unsigned
    } else if isS3, let word = dice.pick([nil, nil, "unsigned", "trailer"]) {
      payload = word
      form.payload = word == "trailer" ? .unsignedWithTrailer : .unsigned
    } else {
      form.payload = PayloadDigest(of: [Array(body.utf8)[...]])
    }
    let question = Question(
      time: SignatureScope(time, region: "", service: "").time,
      origin: "https://\(request.origin.authority)", path: request.path, query: request.query,
      method: request.method.rawValue, headers: request.headers.fields.map { [$0.name, $0.value] },
      body: Data(body.utf8), payload: payload, key: credentials.accessKeyID,
      secret: credentials.secretAccessKey, token: credentials.sessionToken, service: service,
      region: form.region, seconds: isPresigned ? Int.random(in: 1...604_800, using: &dice) : nil)
    let signature: RequestSigner.Signature
    if let seconds = question.seconds {
      signature = signer.presign(&request, as: form, with: credentials, expiresIn: seconds)
    } else {
      signature = signer.sign(&request, as: form, with: credentials)
    }
    return Case(question: question, signature: signature)
  }

  private static func path(_ dice: inout SeededGenerator) -> String {
    var path = ""
    for _ in 0..<Int.random(in: 0...5, using: &dice) {
      path += "/" + dice.pick(["", ".", "..", dice.text(letters, 1...8), dice.text(letters + others, 1...8)])
    }
    return URIEncoding.encode("/" + path, keepsSlashes: true)
  }

  /// Names differ: botocore keeps only one of a name when it makes a link.
  private static func query(_ dice: inout SeededGenerator) -> String {
    let parameters = (0..<Int.random(in: 0...5, using: &dice)).map { index in
      (
        name: dice.text(letters + others, 0...6) + "\(index)",
        value: Optional(dice.text(letters + others, 0...9))
      )
    }
    return CanonicalQuery.encode(parameters)
  }
}

import Testing

@testable import TokyoDataAWS

@Suite("S3's texts")
struct S3TextTests {
  static let keys = [
    "plain", "with space", "a+b", "a//b", "/lead", "trail/", "../up", "é", "e\u{301}", "日本/語", "100%",
    "a&b<c>\"'",
    "tab\tline\nreturn\r", "\u{1}\u{1f}", "\u{7f}", "😀", "a?b=c#d", "%2F", "~-._*!()",
  ]

  @Test("an encoded key decodes to itself, byte for byte", arguments: keys)
  func encoding(_ key: String) throws {
    let encoded = URIEncoding.encode(key)
    #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "+") })
    let decoded = try #require(ListingEncoding.decode(encoded))
    #expect(Array(decoded.utf8) == Array(key.utf8))
  }

  @Test(
    "reads a plus of a listing as a space, and refuses what is no encoding",
    arguments: [
      ("a+b", "a b"), ("a%2Bb", "a+b"), ("%e3%81%82", "あ"), ("%", nil), ("%4", nil), ("%zz", nil),
      ("%ff", nil), ("", ""),
    ] as [(String, String?)])
  func decoding(_ text: String, _ expected: String?) {
    #expect(ListingEncoding.decode(text) == expected)
  }

  @Test("knows which keys no document can hold")
  func documents() {
    #expect(S3Client.canStandInDocument("a b\tc\n日本😀\u{7f}"))
    #expect(!S3Client.canStandInDocument("\u{1}"))
    #expect(!S3Client.canStandInDocument("a\u{ffff}"))
  }

  @Test(
    "reads the head of an answer",
    arguments: [
      (200, ["content-length": "5"], 5, nil),
      (206, ["content-length": "5", "content-range": "bytes 10-14/100"], 100, 10..<15),
      (206, ["content-length": "1", "content-range": "bytes 0-0/1"], 1, 0..<1),
      // As rclone answers.
      (200, ["content-length": "5", "content-range": "bytes 10-14/100"], 100, 10..<15),
    ] as [(Int, [String: String], Int, Range<Int>?)])
  func heads(_ status: Int, _ fields: [String: String], _ size: Int, _ range: Range<Int>?) throws {
    let head = try S3ObjectHead(HTTPResponse(status: status, headers: headers(fields)))
    #expect(head.size == size)
    #expect(head.range == range)
  }

  @Test(
    "refuses a head that contradicts itself",
    arguments: [
      (200, [:]), (200, ["content-length": "-1"]), (200, ["content-length": "99999999999999999999"]),
      (206, ["content-length": "5"]), (206, ["content-length": "5", "content-range": "bytes 0-9/100"]),
      (200, ["content-length": "5", "content-range": "bytes 0-9/100"]),
      (206, ["content-length": "5", "content-range": "bytes 10-14/12"]),
      (206, ["content-length": "5", "content-range": "bytes 14-10/100"]),
      (206, ["content-length": "0", "content-range": "bytes */100"]),
      (206, ["content-length": "5", "content-range": "bytes 9223372036854775803-9223372036854775807/100"]),
    ] as [(Int, [String: String])])
  func contradictions(_ status: Int, _ fields: [String: String]) {
    #expect(throws: HTTPError(.invalidResponse)) {
      _ = try S3ObjectHead(HTTPResponse(status: status, headers: headers(fields)))
    }
  }

  private func headers(_ fields: [String: String]) -> HTTPHeaders {
    var headers = HTTPHeaders(["etag": "\"e\""])
    for (name, value) in fields { headers.add(name, value) }
    return headers
  }
}

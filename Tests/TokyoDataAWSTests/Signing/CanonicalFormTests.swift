import Testing

@testable import TokyoDataAWS

@Suite("Canonical forms")
struct CanonicalFormTests {
  @Test(
    "Paths, by the ways of S3 and of the others",
    arguments: [
      ("", "/", "/"), ("/", "/", "/"), ("/a%20b", "/a%20b", "/a%2520b"), ("//a//", "//a//", "/a/"),
      ("/a/../b/./c", "/a/../b/./c", "/b/c"), ("/../..", "/../..", "/"), ("/a/b/..", "/a/b/..", "/a"),
      ("/a/../", "/a/../", "/"), ("/...", "/...", "/..."),
    ])
  func paths(path: String, asSent: String, normalized: String) {
    #expect(CanonicalPath.asSent.text(path) == asSent)
    #expect(CanonicalPath.normalized.text(path) == normalized)
  }

  @Test(
    "Parameters in one encoding, sorted by their encoded names and then values",
    arguments: [
      ("", ""), ("uploads", "uploads="), ("b=2&a=1", "a=1&b=2"), ("a=2&a=1&a=10", "a=1&a=10&a=2"),
      ("a=b=c", "a=b%3Dc"), ("a=%7e%41", "a=~A"), ("a=+", "a=%2B"), ("a=%zz%", "a=%25zz%25"),
      ("Z=1&a=2&%E3=3&_=4&-=5", "%E3=3&-=5&Z=1&_=4&a=2"), ("a-b=1&a=2", "a=2&a-b=1"), ("é", "%C3%A9="),
    ])
  func queries(query: String, expected: String) {
    #expect(CanonicalQuery.text(query) == expected)
    #expect(CanonicalQuery.text(expected) == expected)
  }

  @Test("Headers: in lower case, in order, without superfluous space, without what may change on the way")
  func headers() {
    var headers = HTTPHeaders(["X-B": "  a \t\r\n  b ", "x-a": "", "Authorization": "no", "Expect": "no"])
    headers.add("x-b", "\"c   d\"")
    headers.add("User-Agent", "no")
    let canonical = CanonicalHeaders(headers, host: "h:9000")
    #expect(canonical.text == "host:h:9000\nx-a:\nx-b:a b,\"c d\"\n" && canonical.names == "host;x-a;x-b")
  }

  @Test("Encoding leaves letters, digits and four signs alone, and can be undone")
  func encoding() {
    let all = String(decoding: UInt8(0)...127, as: UTF8.self)
    let encoded = URIEncoding.encode(all + "東京/")
    #expect(encoded.hasPrefix("%00%01") && encoded.hasSuffix("%7F%E6%9D%B1%E4%BA%AC%2F"))
    #expect(encoded.contains("-.%2F0123456789%3A") && encoded.contains("xyz%7B%7C%7D~"))
    #expect(URIEncoding.decode(encoded) == Array((all + "東京/").utf8))
    #expect(URIEncoding.encode("a/b", keepsSlashes: true) == "a/b")
  }
}

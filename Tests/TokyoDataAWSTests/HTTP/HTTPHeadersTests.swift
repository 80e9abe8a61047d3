import Testing

@testable import TokyoDataAWS

@Suite("Header fields")
struct HTTPHeadersTests {
  @Test("Names compare without regard to case, and setting replaces all fields of a name")
  func names() {
    var headers = HTTPHeaders(["Content-Type": "a", "x-amz-id": "1"])
    headers.add("content-type", "b")
    #expect(headers["CONTENT-TYPE"] == "a")
    headers["content-TYPE"] = "c"
    #expect(headers.fields.map(\.value) == ["1", "c"])
    headers["X-Amz-Id"] = nil
    #expect(headers["x-amz-id"] == nil)
  }
}

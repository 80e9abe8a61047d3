import Testing

@testable import TokyoDataAWS

@Suite("Checksums of S3")
struct ChecksumTests {
  private let digits = Array("123456789".utf8)

  @Test("CRC-32 has the check value of its catalog, in S3's writing")
  func known() {
    var sum = CRC32()
    #expect(sum.text == "AAAAAA==")
    sum.update(digits)
    #expect(sum.value == 0xCBF4_3926)
    #expect(sum.text == "y/Q5Jg==")
  }

  @Test("the sum of parts is that of the whole", arguments: [0, 1, 2, 255, 256, 70_000, 99_999, 100_000])
  func combined(_ cut: Int) {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    var parts = CRC32([bytes[..<cut]])
    parts.append(CRC32([bytes[cut...]]), length: bytes.count - cut)
    #expect(parts == CRC32([bytes[...]]))
  }

  @Test("the sum of ten thousand parts of a GiB of zeros is that of as many zeros")
  func large() {
    // By doubling, which knows nothing of the formula's single step.
    var gib = CRC32([[UInt8](repeating: 0, count: 1 << 20)[...]])
    for power in 20..<30 { gib.append(gib, length: 1 << power) }
    var parts = CRC32()
    for _ in 0..<8 { parts.append(gib, length: 1 << 30) }
    var doubled = gib
    for power in 30..<33 { doubled.append(doubled, length: 1 << power) }
    #expect(parts == doubled)
    #expect(parts.value != 0)
  }

  @Test("takes from a response the checksum of all of an object, and no other")
  func headers() {
    #expect(S3Checksum(HTTPHeaders(["x-amz-checksum-crc32": "y/Q5Jg=="]))?.algorithm == .crc32)
    #expect(
      S3Checksum(HTTPHeaders(["X-Amz-Checksum-SHA256": "AAAA", "x-amz-checksum-type": "FULL_OBJECT"]))?.text
        == "AAAA")
    #expect(S3Checksum(HTTPHeaders(["x-amz-checksum-crc32": "y/Q5Jg==-3"])) == nil)
    #expect(
      S3Checksum(HTTPHeaders(["x-amz-checksum-crc32": "y/Q5Jg==", "x-amz-checksum-type": "COMPOSITE"])) == nil
    )
    #expect(S3Checksum(HTTPHeaders(["x-amz-checksum-crc64nvme": "AAAA"])) == nil)
    #expect(S3Checksum(HTTPHeaders([:])) == nil)
  }

  @Test(
    "checks bytes that come in pieces",
    arguments: [
      ("crc32", "y/Q5Jg=="), ("sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
    ])
  func check(_ algorithm: String, _ text: String) throws {
    let expected = try #require(S3Checksum(HTTPHeaders(["x-amz-checksum-\(algorithm)": text])))
    for (bytes, isMet) in [(digits, true), (digits.reversed(), false), (Array(digits.dropLast()), false)] {
      var check = S3ChecksumCheck(expected)
      check.update(Array(bytes.prefix(4)))
      check.update(Array(bytes.dropFirst(4)))
      #expect(check.isMet == isMet)
    }
    var unknown = S3ChecksumCheck(nil)
    unknown.update(digits)
    #expect(unknown.isMet)
  }
}

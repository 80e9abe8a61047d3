import Testing

@testable import TokyoDataRedis

@Suite("The reader of replies")
struct ReplyReaderTests {
  private static let text =
    "+OK\r\n-OOM no room\r\n:-42\r\n$5\r\na\r\n\u{0}b\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
    + "*3\r\n*2\r\n:1\r\n*1\r\n$1\r\nx\r\n$-1\r\n-ERR inner\r\n:9223372036854775807\r\n"

  private static let replies: [RedisReply] = [
    .status(Array("OK".utf8)), .error(RedisServerError(line: Array("OOM no room".utf8))), .integer(-42),
    .bytes([97, 13, 10, 0, 98]), .bytes([]), .null, .null, .array([]),
    .array([
      .array([.integer(1), .array([.bytes([120])])]), .null,
      .error(RedisServerError(line: Array("ERR inner".utf8))),
    ]),
    .integer(.max),
  ]

  private func read(_ pieces: [ArraySlice<UInt8>], maximumBytes: Int = 1000) throws -> [RedisReply] {
    var reader = try ReplyReader(maximumBytes: maximumBytes, maximumElements: 100)
    var replies: [RedisReply] = []
    for piece in pieces {
      try piece.withUnsafeBytes { try reader.feed($0) }
      while let reply = try reader.next() { replies.append(reply) }
    }
    return replies
  }

  @Test("understands replies wherever the bytes are cut")
  func cuts() throws {
    let bytes = Array(Self.text.utf8)
    for cut in 0...bytes.count {
      #expect(try read([bytes[..<cut], bytes[cut...]]) == Self.replies, "cut at \(cut)")
    }
    #expect(try read(bytes.indices.map { bytes[$0...$0] }) == Self.replies, "byte by byte")
  }

  @Test(
    "refuses what is no reply",
    arguments: [
      "hello\r\n", "\r\n", "$x\r\n", "$-2\r\n", ":\r\n", ":12a\r\n", "*-2\r\n", "*x\r\n", "*101\r\n",
      "*2147483647\r\n", "*99999999999\r\n", "$99999999999999999999\r\n", "*1\r\n?1\r\n",
      String(repeating: "*1\r\n", count: 9),
    ])
  func garbage(_ text: String) throws {
    let error = #expect(throws: RedisConnectionError.self) { _ = try read([Array(text.utf8)[...]]) }
    #expect(error?.code == .protocolViolation)
  }

  @Test("refuses a reply that is longer than allowed, also as many short elements, and takes one that is not")
  func limit() throws {
    let long = Array("$990\r\n".utf8) + Array(repeating: 120, count: 990) + [13, 10]
    #expect(try read([long[...]]) == [.bytes(Array(repeating: 120, count: 990))])
    let tooLong = Array("$1001\r\n".utf8) + Array(repeating: 120, count: 1000)
    #expect(throws: RedisConnectionError.self) { try read([tooLong[...]]) }
    let many = Array("*100\r\n".utf8) + Array(repeating: Array("$6\r\nabcdef\r\n".utf8), count: 99).joined()
    #expect(throws: RedisConnectionError.self) { try read(many.indices.map { many[$0...$0] }) }
    #expect(throws: RedisConnectionError.self) {
      try read([Array(repeating: UInt8(ascii: "+"), count: 1001)[...]])
    }
  }

  @Test("what came for one reply does not count for the next")
  func limitOfEach() throws {
    let one = Array("$500\r\n".utf8) + Array(repeating: 120, count: 500) + [13, 10]
    let replies = try read([Array(repeating: one, count: 10).flatMap { $0 }[...]])
    #expect(replies.count == 10)
  }

  @Test("takes a length of gigabytes without memory for it")
  func hugeLength() throws {
    #expect(try read([Array("$9223372036854775000\r\nabc".utf8)[...]]).isEmpty)
  }
}

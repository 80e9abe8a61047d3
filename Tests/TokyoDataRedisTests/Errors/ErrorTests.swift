import Testing

@testable import TokyoDataRedis

@Suite("Errors of Redis")
struct ErrorTests {
  @Test(
    "mean to callers what the code word says",
    arguments: [
      ("OOM command not allowed", .serverError), ("NOAUTH x", .permissionDenied),
      ("WRONGPASS x", .permissionDenied),
      ("NOPERM x", .permissionDenied), ("READONLY x", .unavailable), ("LOADING x", .unavailable),
      ("BUSY x", .busy),
      ("MASTERDOWN x", .unavailable), ("NOREPLICAS x", .unavailable), ("MISCONF x", .serverError),
      ("MOVED 1 a:1", .unavailable), ("ASK 1 a:1", .unavailable), ("TRYAGAIN x", .busy),
      ("CLUSTERDOWN x", .unavailable), ("CROSSSLOT x", .serverError), ("WRONGTYPE x", .typeMismatch),
      ("ERR x", .serverError),
      ("FUTURE x", .serverError), ("", .serverError), ("lower case", .serverError),
    ] as [(String, TokyoDataError.Code)])
  func codes(_ line: String, _ code: TokyoDataError.Code) {
    #expect(TokyoDataError(RedisServerError(line: Array(line.utf8))).code == code)
  }

  @Test("have a code word only where the line begins with one")
  func words() {
    func word(_ line: [UInt8]) -> String { RedisServerError(line: line).code.description }
    #expect(word(Array("OOM".utf8)) == "OOM")
    #expect(word(Array("OOM rest".utf8)) == "OOM")
    #expect(word(Array("secret-value is wrong".utf8)) == "ERR")
    #expect(word([0xFF, 0xFE]) == "ERR")
    #expect(word([]) == "ERR")
    #expect(word(Array(repeating: UInt8(ascii: "A"), count: 33)) == "ERR")
  }

  @Test("show nothing of what the server said after the word")
  func secrets() {
    let error = RedisServerError(line: Array("ERR unknown command, with args beginning with: 'secret'".utf8))
    var text = "\(error) \(String(reflecting: error)) \(TokyoDataError(error))"
    dump(error, to: &text)
    text += String(reflecting: TokyoDataError(error))
    #expect(!text.contains("secret"))
  }
}

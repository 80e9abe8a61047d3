import Testing

@testable import TokyoDataRedis

@Suite("The slot of a key")
struct HashSlotTests {
  @Test("the checksum is the one of the cluster specification")
  func checksum() {
    #expect(HashSlot.checksum(Array("123456789".utf8)) == 0x31C3)
    #expect(HashSlot.checksum([]) == 0)
  }

  @Test(
    "is the server's own",
    arguments: [("foo", 12182), ("bar", 5061), ("hello", 866), ("", 0), ("123456789", 12739), ("a", 15495)])
  func slots(_ key: String, _ slot: Int) {
    #expect(HashSlot.of(Array(key.utf8)) == slot)
  }

  @Test(
    "is that of the part between the first brace and the next closing one, if there is something",
    arguments: [
      ("{user1000}.following", "user1000"), ("foo{bar}{zap}", "bar"), ("foo{{bar}}zap", "{bar"), ("{a}", "a"),
      ("}{a}", "a"),
    ])
  func tags(_ key: String, _ tag: String) {
    #expect(HashSlot.of(Array(key.utf8)) == Int(HashSlot.checksum(Array(tag.utf8))) % 16384)
  }

  @Test("is that of the whole key otherwise", arguments: ["foo{}{bar}", "{", "}", "a{b", "a}b{", "{}"])
  func untagged(_ key: String) {
    #expect(HashSlot.of(Array(key.utf8)) == Int(HashSlot.checksum(Array(key.utf8))) % 16384)
  }
}

import Testing

@testable import TokyoDataColumns

@Suite("XXH64")
struct XXH64Tests {
  /// Computed with the `xxhash` package of PyPI over the bytes 0, 1, 2, …, at each path's edges.
  static let vectors: [(count: Int, seed: UInt64, hash: UInt64)] = [
    (0, 0x0, 0xEF46DB3751D8E999),
    (1, 0x0, 0xE934A84ADB052768),
    (3, 0x0, 0xE5C7BB4533BC65DD),
    (4, 0x0, 0xFFCED8604453CC1E),
    (5, 0x0, 0xDD0274386E26030C),
    (7, 0x0, 0x14CC643F630C72D2),
    (8, 0x0, 0x884A173614B81B8D),
    (9, 0x0, 0x67D85784A7C78C5B),
    (12, 0x0, 0x424AF23F1F08DCA5),
    (15, 0x0, 0xA948F5F0F6ABAC2D),
    (16, 0x0, 0x44B6EF2FB84169F7),
    (31, 0x0, 0xC346D2B59B4D8EE1),
    (32, 0x0, 0xCBF59C5116FF32B4),
    (33, 0x0, 0x0C535D1ACAFB8EAD),
    (36, 0x0, 0xDDE0EF85E3AEF05C),
    (40, 0x0, 0xF5DA40F1B11741E9),
    (63, 0x0, 0xE26AA9E2A95F8E4F),
    (64, 0x0, 0xF7C67301DB6713F0),
    (65, 0x0, 0xC31EB63B2AE4465B),
    (100, 0x0, 0x6AC1E58032166597),
    (255, 0x0, 0x0F7D97507CAAD693),
    (1000, 0x0, 0x6EF436B00EBA4078),
    (0, 0x9E3779B185EBCA87, 0x6EC6D05F61C7E7A7),
    (1, 0x9E3779B185EBCA87, 0x60508B0CED72C717),
    (3, 0x9E3779B185EBCA87, 0xA1552D556A299B24),
    (4, 0x9E3779B185EBCA87, 0xD485946465317D49),
    (5, 0x9E3779B185EBCA87, 0xF60DC54C180A9098),
    (7, 0x9E3779B185EBCA87, 0x0FF0BA621EEC7A4E),
    (8, 0x9E3779B185EBCA87, 0x5EB050A7CB134CAE),
    (9, 0x9E3779B185EBCA87, 0xF1932BBF13770B3E),
    (12, 0x9E3779B185EBCA87, 0x3EE98C75AC20B9D6),
    (15, 0x9E3779B185EBCA87, 0x25FC54E28CB3C71B),
    (16, 0x9E3779B185EBCA87, 0xC633A2FB67580003),
    (31, 0x9E3779B185EBCA87, 0xA3C5EC38A60B7EA1),
    (32, 0x9E3779B185EBCA87, 0xBFB3E4EF6096C49C),
    (33, 0x9E3779B185EBCA87, 0x702E2AA8B96740BD),
    (36, 0x9E3779B185EBCA87, 0x81F4779D1E362D90),
    (40, 0x9E3779B185EBCA87, 0xF6E4AB86F1BD8336),
    (63, 0x9E3779B185EBCA87, 0xB83BE1F91B39104D),
    (64, 0x9E3779B185EBCA87, 0x2006C268B7D34F54),
    (65, 0x9E3779B185EBCA87, 0x3E419324923D2D31),
    (100, 0x9E3779B185EBCA87, 0x00278BDA0EE3F586),
    (255, 0x9E3779B185EBCA87, 0x26D3F88AB2D2CE34),
    (1000, 0x9E3779B185EBCA87, 0x4F3451D2E1E41B0D),
  ]

  @Test("bytes hash as xxHash's own library hashes them", arguments: vectors)
  func hashes(count: Int, seed: UInt64, hash: UInt64) {
    #expect(XXH64.hash((0..<count).map { UInt8(truncatingIfNeeded: $0) }, seed: seed) == hash)
  }

  @Test("memory that is not aligned hashes alike")
  func unaligned() {
    let bytes = (0..<100).map { UInt8($0) }
    bytes.withUnsafeBytes { memory in
      for start in 0..<9 {
        let slice = UnsafeRawBufferPointer(rebasing: memory[start..<start + 77])
        #expect(XXH64.hash(slice, seed: 7) == XXH64.hash(Array(bytes[start..<start + 77]), seed: 7))
      }
    }
  }
}

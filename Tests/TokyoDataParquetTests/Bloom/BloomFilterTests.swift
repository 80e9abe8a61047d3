import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Bloom filters")
struct BloomFilterTests {
  static func hash(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBytes { BloomHash.hash($0) } }

  @Test("hashes are those of other implementations of XXH64")
  func hashes() {
    #expect(Self.hash("") == 0xef46_db37_51d8_e999)
    #expect(Self.hash("a") == 0xd24e_c4f1_a98c_6e5b)
    #expect(Self.hash("hello world, a longer text of more than 32 bytes") == 0xaef1_f386_1792_086a)
    #expect(BloomHash.hash(Int32(42)) == 0xd756_d7b6_2fc5_0bf1)
    #expect(BloomHash.hash(Int64(-1)) == 0x85d1_36ad_b773_c6c9)
    #expect(BloomHash.hash(1.5.bitPattern) == 0x49f7_b96b_6b5c_caf9)
  }

  /// What DuckDB 1.5.5 wrote for the texts v0 to v49.
  static let duckDB: [UInt8] = [
    0x15, 0x80, 0x01, 0x1c, 0x1c, 0x00, 0x00, 0x1c, 0x1c, 0x00, 0x00, 0x1c, 0x1c, 0x00, 0x00, 0x00, 0x75,
    0x61,
    0x73, 0xf8, 0xa6, 0xdc, 0x74, 0xcd, 0x6b, 0xdd, 0x81, 0xd9, 0x59, 0xfc, 0x0e, 0xd9, 0xcb, 0xab, 0xc9,
    0xec,
    0xfe, 0x22, 0x45, 0xe3, 0xae, 0xc3, 0x64, 0x9f, 0x67, 0xec, 0xf5, 0x44, 0x44, 0xb8, 0xcb, 0xb7, 0x95,
    0x17,
    0x0b, 0xfe, 0x8b, 0xc5, 0xcc, 0xda, 0x11, 0xb4, 0xdd, 0x36, 0x77, 0x9e, 0x1a, 0x59, 0x57, 0x8c, 0x37,
    0xbe,
    0xbc, 0x26, 0x70, 0x85, 0xa2, 0xfc, 0xd4, 0xf7,
  ]

  @Test("the bytes are those that DuckDB writes for the same values")
  func equalsDuckDB() throws {
    var filter = BloomFilter(words: Array(repeating: 0, count: 16))
    for index in 0..<50 { filter.insert(Self.hash("v\(index)")) }
    #expect(filter.encoded() == Self.duckDB)
    let header = try #require(try BloomFilter.Header(Self.duckDB))
    #expect(header.byteCount == 64 && header.length == 16)
    #expect(BloomFilter(Self.duckDB[16...]) == filter)
  }

  @Test(
    "it lets pass all that is in it, and about the share of others that was asked for",
    arguments: [0.1, 0.01])
  func keepsShare(share: Double) {
    var filter = BloomFilter(distinctValues: 10_000, falsePositives: share)
    for index in 0..<10_000 { filter.insert(BloomHash.hash(Int64(index))) }
    #expect((0..<10_000).allSatisfy { filter.mightContain(BloomHash.hash(Int64($0))) })
    let passed = (10_000..<110_000).count { filter.mightContain(BloomHash.hash(Int64($0))) }
    #expect(Double(passed) < 1.3 * share * 100_000)
    #expect(abs(filter.falsePositives - Double(passed) / 100_000) < 0.2 * share)
  }

  @Test("a folded filter is the one that would have been filled at its size")
  func folds() {
    var large = BloomFilter(distinctValues: 100_000, falsePositives: 0.01)
    for index in 0..<500 { large.insert(Self.hash("\(index)")) }
    let before = large.byteCount
    large.fold(keeping: 0.01)
    #expect(large.byteCount < before / 16)
    #expect(large.falsePositives <= 0.01)
    var small = BloomFilter(words: Array(repeating: 0, count: large.words.count))
    for index in 0..<500 { small.insert(Self.hash("\(index)")) }
    #expect(large == small)
  }

  @Test("sizes are powers of two of bytes, within the format's limits")
  func sizes() {
    #expect(BloomFilter(distinctValues: 0, falsePositives: 0.5).byteCount == 32)
    // 9585 bits for a thousand values at one in a hundred by the format's formula, up to a power of two.
    #expect(BloomFilter(distinctValues: 1000, falsePositives: 0.01).byteCount == 2048)
    #expect(BloomFilter(distinctValues: .max, falsePositives: 1e-9).byteCount == 128 << 20)
  }

  @Test("hostile headers are errors, foreign kinds are no filters")
  func refusesHeaders() throws {
    func header(_ byteCount: Int32, algorithm: Int = 1) -> [UInt8] {
      var writer = CompactWriter()
      writer.structure {
        $0.field(1, int32: byteCount)
        $0.field(2) { $0.emptyStructure(algorithm) }
        for id in 3...4 { $0.field(id) { $0.emptyStructure(1) } }
      }
      return writer.bytes
    }
    for count: Int32 in [0, -32, 33, .max] {
      #expect(throws: ParquetError.self) { try BloomFilter.Header(header(count)) }
    }
    #expect(throws: ParquetError.self) { try BloomFilter.Header([]) }
    #expect(try BloomFilter.Header(header(32, algorithm: 2)) == nil)
  }

  @Test("the format's own example holds its four words", .enabled(if: Corpus.isHere))
  func readsExample() throws {
    let bytes = try Corpus.bytes("data/bloom_filter.xxhash.bin")
    let header = try #require(try BloomFilter.Header(bytes))
    #expect(header.byteCount == 1024 && header.length + 1024 == bytes.count)
    let filter = BloomFilter(bytes[header.length...])
    for word in ["hello", "parquet", "bloom", "filter"] { #expect(filter.mightContain(Self.hash(word))) }
    var own = BloomFilter(words: Array(repeating: 0, count: 256))
    for word in ["hello", "parquet", "bloom", "filter"] { own.insert(Self.hash(word)) }
    #expect(own == filter)
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("Hashes of bloom filters")
struct BloomHashTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let conversion: ValueConversion
    let value: @Sendable (Int64) -> ValueBounds.Bound
    /// The one block of the filter.
    let words: [UInt32]

    var testDescription: String { name }

    init(
      _ name: String, _ conversion: ValueConversion, _ words: [UInt32],
      _ value: @escaping @Sendable (Int64) -> ValueBounds.Bound
    ) {
      (self.name, self.conversion, self.words, self.value) = (name, conversion, words, value)
    }
  }

  /// What pyarrow 26.0.1 wrote for values number 0 to 19 of columns of each type.
  static let cases = [
    Case(
      "int8", .int8,
      [
        0x3085_f693, 0xc05b_9a5e, 0x98ea_f2c1, 0x760e_e460, 0xc3e3_9989, 0xc1b2_48cb, 0x180f_c0ac,
        0xb61e_20a3,
      ]
    ) { .integer($0 * 7 - 60) },
    Case(
      "int16", .int16,
      [
        0x04ab_b16b, 0xc4d8_2eee, 0xbc13_e677, 0x87b3_3aa2, 0xd368_a447, 0x9a0d_b295, 0xb5df_1001,
        0x6945_d806,
      ]
    ) { .integer($0 * 1000 - 9000) },
    Case(
      "uint32", .int64FromUnsigned,
      [
        0x6585_87a9, 0x5457_8674, 0xf17c_48d3, 0x41ff_a038, 0x6ae4_2096, 0x1d38_509b, 0x18ae_368e,
        0x9559_2e69,
      ]
    ) { .integer(4_294_967_295 - $0) },
    Case(
      "int64", .int64,
      [
        0xacfc_a057, 0x0ff9_145f, 0x7b84_dd48, 0x2443_fa57, 0xdba3_2d00, 0x9cbf_6c22, 0xd1f5_1b2d,
        0x5da4_1867,
      ]
    ) { .integer($0 << 40 - 7) },
    Case(
      "uint64", .decimalFromUnsigned,
      [
        0xab1e_68aa, 0xa50d_44e5, 0xe992_9567, 0x2d66_5438, 0xb347_8314, 0x5ed4_8063, 0xf077_5a60,
        0xe0f1_1acb,
      ]
    ) { .decimal(Int128(UInt64.max) - Int128($0)) },
    Case(
      "float", .float,
      [
        0x25ae_4536, 0xb0f2_472d, 0x4cd2_f3a9, 0x0a62_aab8, 0x3938_c760, 0x5941_9632, 0x4d1e_3db2,
        0xe0f8_754a,
      ]
    ) { .double(Double($0) / 4 - 2) },
    Case(
      "double", .double,
      [
        0x61a6_51df, 0x5eec_2016, 0x8d69_384f, 0xb444_dd9b, 0x5eb0_336d, 0x9cbf_1434, 0x86e7_c512,
        0xd864_eb34,
      ]
    ) { .double(Double($0) / 3 - 2) },
    Case(
      "string", .byteArrays,
      [
        0x2f1c_999c, 0x294b_97cd, 0x80ab_14bc, 0x467b_3194, 0xe489_2e64, 0xc28b_f3e3, 0x105b_59e2,
        0x53a6_0f8d,
      ]
    ) { .bytes(Array("text \($0) ü".utf8)) },
    Case(
      "binary", .byteArrays,
      [
        0xe1c4_0ce9, 0xb15b_3a70, 0x6891_2dd2, 0x6555_84f4, 0x02d6_e8a3, 0x134b_e9a5, 0x2934_2c39,
        0x60cc_81cb,
      ]
    ) { .bytes([UInt8](repeating: UInt8($0), count: Int($0))) },
    Case(
      "fixed", .fixedBytes(length: 5),
      [
        0x3e05_4d37, 0x1a22_e02e, 0x349d_30b3, 0xa5fa_4a48, 0xb246_dec5, 0x0807_9db7, 0x8d73_71a1,
        0xe096_c521,
      ]
    ) { .bytes([UInt8](repeating: UInt8($0), count: 5)) },
    Case(
      "date", .int32,
      [
        0x84ab_b96b, 0xc4d8_2cee, 0x3c13_e677, 0x87b7_3aaa, 0xd36a_a447, 0x1a19_b29d, 0xb5df_1411,
        0x6945_db04,
      ]
    ) { .integer($0 * 1000 - 7000) },
    Case(
      "time in milliseconds", .microsecondsFromMilliseconds32,
      [
        0x6d50_9f9c, 0x2834_3ae6, 0xa6f6_5263, 0x65ca_1d4c, 0x4132_c13d, 0x29ab_c040, 0xe954_d013,
        0xd84c_0e2d,
      ]
    ) { .integer(($0 * 1000 + 1) * 1000) },
    Case(
      "timestamp in milliseconds", .microsecondsFromMilliseconds,
      [
        0x1fed_4101, 0x5436_0de9, 0x54fe_1074, 0xa532_6436, 0xf914_aa0c, 0xdad8_c1cc, 0x7415_ec1a,
        0xc29c_7897,
      ]
    ) { .integer(($0 * 86_400_123 - 9) * 1000) },
    Case(
      "decimal(5,2) as int32", .decimalFromInt32(precision: 5),
      [
        0xdd21_801b, 0xc82b_e5f0, 0x4efc_c514, 0x9694_baa3, 0x1c39_0e99, 0x4710_7a25, 0x09c6_a3da,
        0x7493_6833,
      ]
    ) { .decimal(Int128($0) * 111 - 1000) },
    Case(
      "decimal(16,3) as int64", .decimalFromInt64(precision: 16),
      [
        0xf5e9_bd10, 0x6609_6e55, 0x08ba_f4c1, 0x8f31_60d5, 0x40be_cb32, 0xdc50_d826, 0x9a2c_bad2,
        0x72e4_68c7,
      ]
    ) { .decimal(Int128($0) * 1_000_000_000_000 - 7) },
    Case(
      "decimal(38,3) in 16 bytes", .decimalFromFixedBytes(length: 16, precision: 38),
      [
        0x20a6_3967, 0xbd0d_1e50, 0x57f8_6642, 0xc135_978d, 0xc60b_9d2c, 0xb131_b356, 0x282e_2147,
        0x1dcc_5bf2,
      ]
    ) { .decimal(Int128($0) * Decimal128.powerOfTen(30) - 7) },
  ]

  @Test("values hash as those that pyarrow put into a filter", arguments: cases)
  func equalsPyArrow(_ item: Case) throws {
    var filter = BloomFilter(words: Array(repeating: 0, count: 8))
    for number in 0..<20 as Range<Int64> {
      // A zero has a second hash, of its other sign.
      filter.insert(try #require(BloomHash.hashes(item.value(number), item.conversion)?.first))
    }
    #expect(filter == BloomFilter(words: item.words.map(\.bigEndian)))
  }

  @Test("zeros of both signs are looked up")
  func looksUpBothZeros() throws {
    for conversion: ValueConversion in [.float, .double] {
      let hashes = try #require(BloomHash.hashes(.double(0), conversion))
      #expect(Set(hashes).count == 2)
      #expect(BloomHash.hashes(.double(-0.0), conversion) == hashes)
    }
  }

  @Test("times between two milliseconds have no hash, and what has many forms is not foretold")
  func knowsItsLimits() {
    #expect(BloomHash.hashes(.integer(1001), .microsecondsFromMilliseconds) == [])
    #expect(BloomHash.hashes(.integer(-999), .microsecondsFromMilliseconds32) == [])
    #expect(BloomHash.hashes(.integer(1000), .microsecondsFromNanoseconds) == nil)
    #expect(BloomHash.hashes(.decimal(5), .decimalFromByteArrays(precision: 9)) == nil)
    #expect(BloomHash.hashes(.integer(1), .bool) == nil)
    #expect(BloomHash.hashes(.bytes([1, 2]), .textFromUUID) == nil)
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("A numeric in binary")
struct NumericWireTests {
  /// Count, weight, sign, display scale, digits.
  private static func wire(_ words: [UInt16]) -> [UInt8] {
    words.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
  }

  private func decode(_ bytes: [UInt8], _ precision: Int, _ scale: Int) throws -> Int128 {
    try bytes.withUnsafeBytes { try NumericWire.decode($0, precision: precision, scale: scale) }
  }

  @Test(
    "becomes digits at the column's scale",
    arguments: [
      ([0, 0, 0, 0], 10, 2, 0),
      ([1, 0, 0, 0, 7], 10, 2, 700),
      ([2, 0, 0, 2, 12, 3400], 10, 2, 1234),
      ([2, 0, 0x4000, 2, 12, 3400], 10, 2, -1234),
      ([1, 0xFFFF, 0, 4, 5], 10, 4, 5),
      ([1, 0xFFFE, 0, 8, 1000], 20, 8, 1000),
      ([1, 2, 0, 0, 3], 20, 0, 300_000_000),
      // Trailing zero groups are allowed even where they lie behind the scale.
      ([3, 0, 0, 8, 1, 0, 0], 5, 1, 10),
    ] as [([UInt16], Int, Int, Int128)])
  func decodes(words: [UInt16], precision: Int, scale: Int, digits: Int128) throws {
    #expect(try decode(Self.wire(words), precision, scale) == digits)
  }

  @Test(
    "that a column cannot hold exactly is an error",
    arguments: [
      // 0.05 at scale 1, 1.0001 at scale 0, 100 in one digit, 10^40, NaN, both infinities.
      ([1, 0xFFFF, 0, 2, 500], 10, 1), ([2, 0, 0, 4, 1, 1], 10, 0), ([1, 0, 0, 0, 100], 2, 0),
      ([1, 10, 0, 0, 1], 38, 0), ([0, 0, 0xC000, 0], 38, 0), ([0, 0, 0xD000, 0], 38, 0),
      ([0, 0, 0xF000, 0], 38, 0), ([1, 0x7FFF, 0, 0, 1], 38, 0),
    ] as [([UInt16], Int, Int)])
  func refuses(words: [UInt16], precision: Int, scale: Int) {
    let error = #expect(throws: PostgresError.self) { try decode(Self.wire(words), precision, scale) }
    #expect(error?.code == .valueNotRepresentable)
  }

  @Test(
    "whose bytes are malformed is an error",
    arguments: [
      [], [0], [0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 10_000], [1, 0, 1, 0, 1],
      [0xFFFF, 0, 0, 0, 1],
    ] as [[UInt16]])
  func malformed(words: [UInt16]) {
    let error = #expect(throws: PostgresError.self) { try decode(Self.wire(words), 38, 0) }
    #expect(error?.code == .protocolViolation)
  }

  @Test(
    "survives encoding and decoding",
    arguments: [
      "0", "0.00", "1", "-1", "0.0001", "0.00001", "10000", "12345.678", "-99999999.99999999",
      "99999999999999999999999999999999999999", "-0.99999999999999999999999999999999999999",
      "1234567890123456789012345678.9012345678", "100000000000000000000",
    ])
  func roundTrip(text: String) throws {
    let value = try #require(Decimal128(text))
    var bytes: [UInt8] = []
    NumericWire.encode(value, into: &bytes)
    #expect(try decode(bytes, 38, value.scale) == value.unscaled)
  }

  @Test("of a column is written as one of its own", arguments: [0, 1, 2, 3, 4, 5, 8, 18, 37, 38])
  func columns(scale: Int) throws {
    var unscaled: Int128 = 1
    for exponent in 0..<38 {
      for value in [0, unscaled, -unscaled, unscaled - 1, unscaled * 3, unscaled + 10_000] as [Int128]
      where Decimal128.fits(value, precision: 38) {
        var whole: [UInt8] = []
        NumericWire.encode(try Decimal128(unscaled: value, scale: scale), into: &whole)
        let count = NumericWire.length(value, scale: scale)
        var bytes = [UInt8](repeating: 0, count: count)
        let written = bytes.withUnsafeMutableBytes { bytes in
          bytes.baseAddress.map { NumericWire.write(value, scale: scale, to: $0) }
        }
        #expect(written == count)
        #expect(bytes == whole, "10^\(exponent)")
      }
      unscaled *= 10
    }
  }
}

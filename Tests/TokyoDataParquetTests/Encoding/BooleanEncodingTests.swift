import Testing

@testable import TokyoDataParquet

@Suite("Booleans")
struct BooleanEncodingTests {
  static func plain(_ values: [Bool]) -> [UInt8] {
    encoded { out in values.withUnsafeBufferPointer { encodePlain($0, into: &out) } }
  }

  static func runs(_ values: [Bool]) -> [UInt8] {
    encoded { out in
      out.append(0x55)
      values.withUnsafeBufferPointer { encodeRuns($0, into: &out) }
    }
  }

  static func decoded(
    _ decoder: BooleanDecoder, _ bytes: [UInt8], count: Int, portion: Int = 100_000
  ) throws -> [Bool] {
    var decoder = decoder
    var values = [Bool](repeating: false, count: count)
    try values.withUnsafeMutableBufferPointer { target in
      for range in portions(of: portion, count) {
        let base = try #require(target.baseAddress)
        try bytes.withUnsafeBytes { try decoder.decode(range.count, of: $0, into: base + range.lowerBound) }
      }
    }
    return values
  }

  static func decodedRuns(_ bytes: [UInt8], count: Int, portion: Int = 100_000) throws -> [Bool] {
    let decoder = try bytes.withUnsafeBytes {
      try BooleanDecoder(runs: min(1, $0.count)..<$0.count, of: $0)
    }
    return try decoded(decoder, bytes, count: count, portion: portion)
  }

  @Test("booleans survive as bits and as runs, in odd portions", arguments: telltaleSizes)
  func keepsBooleans(count: Int) throws {
    var numbers = TestNumbers(state: UInt64(count))
    for values in [
      (0..<count).map { _ in Bool.random(using: &numbers) }, [Bool](repeating: true, count: count),
      (0..<count).map { $0 / 50 % 2 == 1 },
    ] {
      let (plain, runs) = (Self.plain(values), Self.runs(values))
      #expect(plain.count == (count + 7) / 8)
      for portion in portionSizes {
        let decoder = BooleanDecoder(plain: 0..<plain.count)
        #expect(try Self.decoded(decoder, plain, count: count, portion: portion) == values)
        #expect(try Self.decodedRuns(runs, count: count, portion: portion) == values)
      }
    }
  }

  @Test("bits lie least significant first")
  func writesBits() {
    #expect(Self.plain([true, false, true, true, false, false, false, true, true]) == [0b1000_1101, 1])
  }

  @Test("more values than there are bits, and lengths beyond the page, are refused")
  func refusesShortBytes() {
    let decoder = BooleanDecoder(plain: 0..<1)
    #expect(throws: ParquetError.self) { try Self.decoded(decoder, [0xff], count: 9) }
    #expect(throws: ParquetError.self) { try Self.decodedRuns([0, 9, 0, 0, 0, 3, 1], count: 8) }
  }

  @Test("hostile runs give errors or booleans")
  func survivesHostileBytes() {
    let values = (0..<70).map { $0 % 3 == 0 || $0 > 30 }
    let bytes = Self.runs(values)
    let refused = expectErrorsOrValues(bytes) { _ = try Self.decodedRuns($0, count: 70, portion: 9) }
    #expect(refused >= bytes.count)
  }
}

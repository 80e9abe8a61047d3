import Testing

@testable import TokyoDataParquet

@Suite("Levels")
struct LevelDecoderTests {
  static func decoded(
    _ decoder: LevelDecoder, _ bytes: [UInt8], count: Int, portion: Int = 100_000
  ) throws -> [UInt8] {
    var decoder = decoder
    var levels = [UInt8](repeating: .max, count: count)
    try levels.withUnsafeMutableBufferPointer { target in
      for range in portions(of: portion, count) {
        let base = try #require(target.baseAddress)
        try bytes.withUnsafeBytes { try decoder.decode(range.count, of: $0, into: base + range.lowerBound) }
      }
    }
    return levels
  }

  static func hybrid(_ levels: [UInt8], maximum: UInt8) -> [UInt8] {
    encoded { out in
      levels.withUnsafeBufferPointer { encodeHybrid($0, width: bitWidth(of: Int(maximum)), into: &out) }
    }
  }

  /// Most significant bit first, one bit after the other.
  static func bitPacked(_ levels: [UInt8], width: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (levels.count * width + 7) / 8)
    for (index, level) in levels.enumerated() {
      for bit in 0..<width where level >> UInt8(width - 1 - bit) & 1 == 1 {
        let place = index * width + bit
        bytes[place / 8] |= 0x80 >> UInt8(place % 8)
      }
    }
    return bytes
  }

  @Test(
    "levels of every maximum survive in odd portions", arguments: [1, 2, 3, 5, 7, 9, 100, 255] as [UInt8])
  func keepsLevels(maximum: UInt8) throws {
    var numbers = TestNumbers(state: UInt64(maximum))
    for count in telltaleSizes {
      var levels: [UInt8] = []
      while levels.count < count {
        let length = Bool.random(using: &numbers) ? 1 : Int.random(in: 5...60, using: &numbers)
        levels += [UInt8](repeating: .random(in: 0...maximum, using: &numbers), count: length)
      }
      levels.removeLast(levels.count - count)
      let runs = Self.hybrid(levels, maximum: maximum)
      let packed = Self.bitPacked(levels, width: bitWidth(of: Int(maximum)))
      #expect(try BitPackedLevels.byteCount(count, width: bitWidth(of: Int(maximum))) == packed.count)
      for portion in portionSizes {
        let hybrid = try LevelDecoder(hybrid: 0..<runs.count, maximum: maximum)
        #expect(try Self.decoded(hybrid, runs, count: count, portion: portion) == levels)
        let bits = LevelDecoder(bitPacked: 0..<packed.count, maximum: maximum)
        #expect(try Self.decoded(bits, packed, count: count, portion: portion) == levels)
      }
    }
  }

  @Test("the format's example of the deprecated packing: 0 to 7 in three bits")
  func readsTheExample() throws {
    let bytes: [UInt8] = [0b0000_0101, 0b0011_1001, 0b0111_0111]
    let decoder = LevelDecoder(bitPacked: 0..<3, maximum: 7)
    #expect(try Self.decoded(decoder, bytes, count: 8) == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(throws: ParquetError.self) { try Self.decoded(decoder, bytes, count: 9) }
  }

  @Test("8-bit levels are encoded as 32-bit integers are", arguments: 1...8)
  func encodesAlike(width: Int) {
    var numbers = TestNumbers(state: UInt64(width))
    for _ in 0..<50 {
      var levels: [UInt8] = []
      for _ in 0..<6 {
        let level = UInt8.random(in: 0...0xff >> UInt8(8 - width), using: &numbers)
        levels += [UInt8](repeating: level, count: .random(in: 1...40, using: &numbers))
      }
      let bytes = Self.hybrid(levels, maximum: 0xff >> UInt8(8 - width))
      #expect(HybridEncodingTests.encoded(levels.map { UInt32($0) }, width: width) == bytes)
    }
  }

  @Test("levels above the maximum are refused, in runs and in groups")
  func refusesHighLevels() throws {
    let run: [UInt8] = [8 << 1, 3]
    let group: [UInt8] = [3, 0xff, 0xff]
    let beyondWidth: [UInt8] = [8 << 1, 4]
    for bytes in [run, group, beyondWidth] {
      let decoder = try LevelDecoder(hybrid: 0..<bytes.count, maximum: 2)
      #expect(throws: ParquetError.self) { try Self.decoded(decoder, bytes, count: 8) }
    }
    #expect(throws: ParquetError.self) { try BitPackedLevels.byteCount(.max, width: 2) }
  }

  @Test("hostile levels give errors or levels")
  func survivesHostileLevels() throws {
    let levels: [UInt8] = [0, 1, 2, 3, 2, 1, 0, 1] + [UInt8](repeating: 2, count: 40) + [1, 0, 2]
    let runs = Self.hybrid(levels, maximum: 3)
    let refused = expectErrorsOrValues(runs) { bytes in
      let decoder = try LevelDecoder(hybrid: 0..<bytes.count, maximum: 3)
      _ = try Self.decoded(decoder, bytes, count: levels.count, portion: 5)
    }
    #expect(refused >= runs.count)
  }
}

import Testing

@testable import TokyoDataParquet

@Suite("DELTA_BINARY_PACKED")
struct DeltaEncodingTests {
  static func encoded64(_ values: [Int64]) -> [UInt8] {
    encoded { out in values.withUnsafeBufferPointer { encodeDelta($0, into: &out) } }
  }

  static func encoded32(_ values: [Int32]) -> [UInt8] {
    encoded { out in values.withUnsafeBufferPointer { encodeDelta($0, into: &out) } }
  }

  static func decoded<Value: FixedWidthInteger & SignedInteger & Sendable>(
    _ bytes: [UInt8], count: Int, portion: Int = 100_000, as type: Value.Type = Value.self
  ) throws -> [Value] where Value.Magnitude: UnsignedInteger {
    var decoder = try bytes.withUnsafeBytes { try DeltaDecoder<Value>(0..<$0.count, of: $0) }
    var values = [Value](repeating: 42, count: count)
    try values.withUnsafeMutableBufferPointer { target in
      for range in portions(of: portion, count) {
        let base = try #require(target.baseAddress)
        try bytes.withUnsafeBytes { try decoder.decode(range.count, of: $0, into: base + range.lowerBound) }
      }
    }
    return values
  }

  /// Sequences of `count` values of one kind each.
  static func shapes(_ count: Int) -> [[Int64]] {
    var numbers = TestNumbers(state: UInt64(count))
    return [
      (0..<count).map { Int64($0) },
      [Int64](repeating: -7, count: count),
      (0..<count).map { Int64($0 * $0) - 5000 },
      (0..<count).map { _ in .random(in: -100...100, using: &numbers) },
      (0..<count).map { _ in .random(in: .min ... .max, using: &numbers) },
      (0..<count).map { $0 % 2 == 0 ? .min : .max },
      (0..<count).map { $0 % 40 == 39 ? .max : 0 },
    ]
  }

  @Test("64-bit values survive in odd portions", arguments: telltaleSizes)
  func keeps64(count: Int) throws {
    for values in Self.shapes(count) {
      let bytes = Self.encoded64(values)
      for portion in portionSizes {
        #expect(try Self.decoded(bytes, count: count, portion: portion) == values)
      }
    }
  }

  @Test("32-bit values survive in odd portions, wrapping around in their width", arguments: telltaleSizes)
  func keeps32(count: Int) throws {
    for shape in Self.shapes(count) {
      let values = shape.map { $0 == .max ? Int32.max : $0 == .min ? .min : Int32(truncatingIfNeeded: $0) }
      let bytes = Self.encoded32(values)
      for portion in portionSizes {
        #expect(try Self.decoded(bytes, count: count, portion: portion) == values)
      }
    }
  }

  @Test("the format's examples have the bytes that it says")
  func writesTheExamples() throws {
    #expect(Self.encoded32([1, 2, 3, 4, 5]) == [0x80, 1, 4, 5, 2, 2, 0, 0, 0, 0])
    let second = Self.encoded32([7, 5, 3, 1, 2, 3, 4, 5])
    #expect(second == [0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0])
    #expect(try Self.decoded(second, count: 8, as: Int64.self) == [7, 5, 3, 1, 2, 3, 4, 5])
  }

  @Test("other blocks, widths of miniblocks that are not there, and a last one cut short can be read")
  func readsOtherBlocks() throws {
    // Blocks of 256 in two miniblocks; two values, so that one bit would do and the second width means nothing.
    let bytes: [UInt8] = [0x80, 2, 2, 3, 0, 0, 2, 0xff, 0b1001]
    #expect(try Self.decoded(bytes, count: 3, as: Int32.self) == [0, 1, 3])
    // Eight miniblocks of 32 in a block of 256, all differences 1.
    let many: [UInt8] = [0x80, 2, 8, 0xc8, 1, 0, 2] + [UInt8](repeating: 0, count: 8)
    #expect(try Self.decoded(many, count: 200, as: Int64.self) == (0..<200).map { Int64($0) })
  }

  @Test("one block may stand for millions of values, of which memory is taken for those that are asked")
  func readsHugeBlocks() throws {
    // A block of 2^30 in one miniblock without bits.
    let bytes: [UInt8] = [0x80, 0x80, 0x80, 0x80, 4, 1, 0xff, 0xff, 0xff, 0xff, 3, 0, 2, 0]
    #expect(try Self.decoded(bytes, count: 5, portion: 2, as: Int64.self) == [0, 1, 2, 3, 4])
    var decoder = try bytes.withUnsafeBytes { try DeltaDecoder<Int64>(0..<$0.count, of: $0) }
    #expect(decoder.left == 1 << 30 - 1)
    try bytes.withUnsafeBytes { try decoder.skipToEnd($0) }
    #expect(decoder.left == 0)
    #expect(decoder.position == bytes.count)
  }

  @Test("passing over values leads to the place behind them", arguments: telltaleSizes)
  func skips(count: Int) throws {
    for values in Self.shapes(count) {
      let bytes = Self.encoded64(values)
      try (bytes + [1, 2, 3]).withUnsafeBytes { bytes in
        var decoder = try DeltaDecoder<Int64>(0..<bytes.count, of: bytes)
        try decoder.skipToEnd(bytes)
        #expect(decoder.position == bytes.count - 3)
      }
    }
  }

  @Test(
    "headers that the format does not allow are refused",
    arguments: [
      [], [0x80], [0x80, 1], [0x80, 1, 4], [0x80, 1, 4, 1], [0, 4, 1, 0], [100, 4, 1, 0], [0x80, 1, 0, 1, 0],
      [0x80, 1, 8, 1, 0], [0x80, 1, 3, 1, 0], [0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 4, 1, 0],
    ] as [[UInt8]])
  func refusesHeaders(bytes: [UInt8]) {
    #expect(throws: ParquetError.self) { try Self.decoded(bytes, count: 1, as: Int64.self) }
  }

  @Test("more values than there are, and widths above 64 bits, are refused")
  func refusesTooMuch() {
    #expect(throws: ParquetError.self) { try Self.decoded(Self.encoded32([1, 2]), count: 3, as: Int32.self) }
    for (width, isAllowed) in [(33, true), (64, true), (65, false)] as [(UInt8, Bool)] {
      let wide: [UInt8] = [0x80, 1, 4, 2, 0, 0, width, 0, 0, 0] + [UInt8](repeating: 0, count: 400)
      #expect((try? Self.decoded(wide, count: 2, as: Int32.self)) == (isAllowed ? [0, 0] : nil))
      #expect((try? Self.decoded(wide, count: 2, as: Int64.self)) == (isAllowed ? [0, 0] : nil))
    }
  }

  @Test("hostile integers give errors or values")
  func survivesHostileBytes() {
    let values = (0..<40).map { Int64($0 * $0 * $0) }
    let bytes = Self.encoded64(values)
    for portion in [7, 100] {
      let refused = expectErrorsOrValues(bytes) {
        _ = try Self.decoded($0, count: 40, portion: portion, as: Int64.self)
        _ = try Self.decoded($0, count: 40, portion: portion, as: Int32.self)
      }
      #expect(refused > 0)
    }
  }
}

@Suite("Differences of more bits than the values have")
struct WideDeltaTests {
  @Test("DuckDB's differences of 32-bit values, taken in 64 bits", arguments: portionSizes)
  func readsWideDifferences(size: Int) throws {
    for count in telltaleSizes where count > 0 {
      let values = (0..<count).map { [Int32.min, .max, Int32($0)][$0 % 3] }
      let wide = values.map { Int64($0) }
      let bytes = wide.withUnsafeBufferPointer { values in encoded { encodeDelta(values, into: &$0) } }
      var decoder = try bytes.withUnsafeBytes { try DeltaDecoder<Int32>(0..<bytes.count, of: $0) }
      var read = [Int32](repeating: 0, count: count)
      try bytes.withUnsafeBytes { bytes in
        try read.withUnsafeMutableBufferPointer { target in
          for portion in portions(of: size, count) {
            let place = try #require(target.baseAddress) + portion.lowerBound
            try decoder.decode(portion.count, of: bytes, into: place)
          }
        }
      }
      #expect(read == values, "\(count) values")
    }
  }
}

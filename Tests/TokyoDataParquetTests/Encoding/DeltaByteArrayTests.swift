import Testing
import TokyoDataColumns

@testable import TokyoDataParquet

@Suite("DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY")
struct DeltaByteArrayTests {
  static func slices<Result>(
    _ strings: [[UInt8]], _ body: (ByteArraySlices) throws -> Result
  ) rethrows -> Result {
    // The first slice need not begin with the memory.
    var bytes: [UInt8] = [9, 9]
    var offsets: [UInt32] = [2]
    for string in strings {
      bytes += string
      offsets.append(UInt32(bytes.count))
    }
    return try offsets.withUnsafeBufferPointer { offsets in
      try bytes.withUnsafeBytes { try body(ByteArraySlices(offsets: offsets, bytes: $0)) }
    }
  }

  static func lengths(_ strings: [[UInt8]]) -> [UInt8] {
    encoded { out in slices(strings) { encodeDeltaLength($0, into: &out) } }
  }

  static func frontCoded(_ strings: [[UInt8]]) -> [UInt8] {
    encoded { out in slices(strings) { encodeDeltaByteArray($0, into: &out) } }
  }

  static func array(_ strings: ByteStrings) -> [[UInt8]] { (0..<strings.count).map { Array(strings[$0]) } }

  static func decodedLengths(
    _ bytes: [UInt8], count: Int, portion: Int = 100_000, limit: Int = 1 << 20
  ) throws -> [[UInt8]] {
    try bytes.withUnsafeBytes { bytes in
      var decoder = try DeltaLengthDecoder(0..<bytes.count, of: bytes)
      var strings = ByteStrings()
      for range in portions(of: portion, count) {
        try decoder.decode(range.count, of: bytes, into: &strings, limit: limit)
      }
      return array(strings)
    }
  }

  static func decodedFrontCoded(
    _ bytes: [UInt8], count: Int, portion: Int = 100_000, fixedLength: Int? = nil, limit: Int = 1 << 20
  ) throws -> [[UInt8]] {
    try bytes.withUnsafeBytes { bytes in
      var decoder = try DeltaByteArrayDecoder(0..<bytes.count, of: bytes, fixedLength: fixedLength)
      var strings = ByteStrings()
      for range in portions(of: portion, count) {
        try decoder.decode(range.count, of: bytes, into: &strings, limit: limit)
      }
      return array(strings)
    }
  }

  static func shapes(_ count: Int) -> [[[UInt8]]] {
    var numbers = TestNumbers(state: UInt64(count))
    return [
      (0..<count).map { _ in [] },
      (0..<count).map { Array("customer-\(1000 + $0)".utf8) },
      (0..<count).map { [UInt8](repeating: 7, count: $0 % 20) },
      (0..<count).map { _ in
        (0..<Int.random(in: 0...20, using: &numbers)).map { _ in .random(in: 0...2, using: &numbers) }
      },
    ]
  }

  @Test("strings survive in odd portions", arguments: telltaleSizes + [2047, 2048, 2049, 5000])
  func keepsStrings(count: Int) throws {
    for strings in Self.shapes(count) {
      let (lengths, frontCoded) = (Self.lengths(strings), Self.frontCoded(strings))
      for portion in portionSizes {
        #expect(try Self.decodedLengths(lengths, count: count, portion: portion) == strings)
        #expect(try Self.decodedFrontCoded(frontCoded, count: count, portion: portion) == strings)
      }
    }
  }

  @Test("strings of one length are written as those of their own lengths are")
  func keepsFixedLengths() throws {
    let strings = (0..<300).map { index in
      (0..<6).map { UInt8(truncatingIfNeeded: index * index >> (4 * $0)) }
    }
    let bytes = strings.flatMap { $0 }
    let written = encoded { out in
      bytes.withUnsafeBytes { encodeDeltaByteArray($0, fixedLength: 6, count: 300, into: &out) }
    }
    #expect(written == Self.frontCoded(strings))
    #expect(try Self.decodedFrontCoded(written, count: 300, portion: 7, fixedLength: 6) == strings)
    #expect(throws: ParquetError.self) {
      try Self.decodedFrontCoded(written, count: 300, fixedLength: 5)
    }
  }

  @Test("the format's examples have the bytes that it says")
  func writesTheExamples() throws {
    let words = ["Hello", "World", "Foobar", "ABCDEF"].map { Array($0.utf8) }
    let lengths = DeltaEncodingTests.encoded32([5, 5, 6, 6])
    #expect(Self.lengths(words) == lengths + Array("HelloWorldFoobarABCDEF".utf8))
    let sorted = ["axis", "axle", "babble", "babyhood"].map { Array($0.utf8) }
    let prefixes = DeltaEncodingTests.encoded32([0, 2, 0, 3])
    let suffixes = DeltaEncodingTests.encoded32([4, 2, 6, 5])
    #expect(Self.frontCoded(sorted) == prefixes + suffixes + Array("axislebabbleyhood".utf8))
  }

  @Test("prefixes longer than the string before, negative lengths and unequal counts are refused")
  func refusesImpossibleLengths() {
    func frontCoded(_ prefixes: [Int32], _ suffixes: [Int32]) -> [UInt8] {
      DeltaEncodingTests.encoded32(prefixes) + DeltaEncodingTests.encoded32(suffixes)
        + [UInt8](repeating: 1, count: 20)
    }
    for bytes in [
      frontCoded([1, 0], [1, 1]), frontCoded([0, 3], [2, 1]), frontCoded([0, -1], [2, 1]),
      frontCoded([0, 1], [2, -1]), frontCoded([0, 0], [19, 2]), frontCoded([0, 0], [2, 2, 2]),
    ] {
      #expect(throws: ParquetError.self) { try Self.decodedFrontCoded(bytes, count: 2) }
    }
    let negative = DeltaEncodingTests.encoded32([5, -5]) + [1, 2, 3, 4, 5]
    #expect(throws: ParquetError.self) { try Self.decodedLengths(negative, count: 2) }
  }

  @Test("strings that repeat long prefixes stop at the limit")
  func stopsAtTheLimit() throws {
    let strings = [[UInt8]](repeating: [UInt8](repeating: 1, count: 1000), count: 1000)
    let bytes = Self.frontCoded(strings)
    #expect(bytes.count < 2000)
    let error = #expect(throws: ParquetError.self) {
      try Self.decodedFrontCoded(bytes, count: 1000, portion: 10, limit: 50_000)
    }
    #expect(error?.code == .limitExceeded)
    let plain = Self.lengths(strings)
    let other = #expect(throws: ParquetError.self) {
      try Self.decodedLengths(plain, count: 1000, limit: 50_000)
    }
    #expect(other?.code == .limitExceeded)
  }

  @Test("hostile strings give errors or strings")
  func survivesHostileBytes() {
    let strings = (0..<9).map { Array("item \($0 / 3)-\($0)".utf8) }
    let lengths = Self.lengths(strings)
    let frontCoded = Self.frontCoded(strings)
    for portion in [2, 100] {
      let refused = expectErrorsOrValues(lengths) {
        _ = try Self.decodedLengths($0, count: 9, portion: portion)
      }
      #expect(refused >= lengths.count)
      let others = expectErrorsOrValues(frontCoded) {
        _ = try Self.decodedFrontCoded($0, count: 9, portion: portion)
      }
      #expect(others >= frontCoded.count)
    }
  }
}

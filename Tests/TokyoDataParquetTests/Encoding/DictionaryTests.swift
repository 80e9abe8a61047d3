import Testing

@testable import TokyoDataParquet

@Suite("Dictionaries of distinct values")
struct DictionaryTests {
  /// What both kinds must find: keys in the order of their first occurrence.
  static func expected<Value: Hashable>(_ values: [Value]) -> (keys: [Value], ids: [UInt32]) {
    var numbers: [Value: UInt32] = [:]
    var keys: [Value] = []
    let ids = values.map { value -> UInt32 in
      if let known = numbers[value] { return known }
      keys.append(value)
      numbers[value] = UInt32(keys.count - 1)
      return UInt32(keys.count - 1)
    }
    return (keys, ids)
  }

  static func found<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ values: [Bits], maximumKeys: Int = .max
  ) -> FixedWidthDictionary<Bits>? {
    values.withUnsafeBufferPointer { values in
      guard !values.isEmpty else { return nil }
      let extremes = BlockBounds<Bits>().bounds(0..<values.count, of: values)
      return FixedWidthDictionary(values, extremes, maximumKeys: maximumKeys)
    }
  }

  static func found(_ strings: [[UInt8]], limit: Int = .max) -> ByteArrayDictionary? {
    var offsets: [UInt32] = [0]
    for string in strings { offsets.append(offsets[offsets.count - 1] + UInt32(string.count)) }
    let bytes = strings.flatMap(\.self) + [UInt8](repeating: 0xee, count: 8)
    return offsets.withUnsafeBufferPointer { offsets in
      bytes.withUnsafeBytes {
        ByteArrayDictionary(ByteArraySlices(offsets: offsets, bytes: $0), limit: limit)
      }
    }
  }

  @Test("integers near each other and far apart are numbered by their first occurrence")
  func numbersIntegers() throws {
    let near = (0..<50_000).map { UInt64(bitPattern: Int64($0 * 7919 % 5003 - 2500)) }
    let far = (0..<50_000).map { UInt64($0 % 9001) &* 0x9e37_79b9_7f4a_7c15 }
    for values in [near, far, [UInt64](repeating: 3, count: 9), [.max, 0, .max, 1 << 63]] {
      let (keys, ids) = Self.expected(values)
      let found = try #require(Self.found(values))
      #expect(found.keys == keys)
      #expect(found.ids == ids)
    }
  }

  @Test("numbers of 32 and of 128 bits are numbered too")
  func numbersOtherWidths() throws {
    let narrow = (0..<10_000).map { UInt32(truncatingIfNeeded: $0 * 65_537 % 4099) &* 0x0100_0001 }
    let wide = (0..<10_000).map { UInt128($0 % 4099) << UInt128($0 % 3 * 60) }
    #expect(Self.found(narrow)?.ids == Self.expected(narrow).ids)
    #expect(Self.found(wide)?.keys == Self.expected(wide).keys)
  }

  @Test("as many keys as allowed are found, and one more are not")
  func keepsLimit() {
    for stride in [1, 1 << 40] {
      let values = (0..<3000).map { UInt64($0 * stride) }
      #expect(Self.found(values, maximumKeys: 3000)?.keys.count == 3000)
      #expect(Self.found(values, maximumKeys: 2999) == nil)
    }
    #expect(Self.found([UInt32](), maximumKeys: 1) == nil)
  }

  @Test("without repeats among the first values it gives up early, with repeats it does not")
  func foretells() {
    func givesUp(atKeys keys: (Int) -> Int) -> Int? {
      var forecast = DictionaryForecast(of: 4_000_000, maximumKeys: 1_000_000)
      return stride(from: 1024, through: 4_000_000, by: 1024).first {
        forecast.isHopeless(keys($0), after: $0)
      }
    }
    #expect(givesUp { $0 } == 65_536)
    #expect(givesUp { $0 / 2 } == 65_536)
    // A quarter as many keys as values is just what the limit allows.
    #expect(givesUp { $0 / 4 } == nil)
    #expect(givesUp { min($0, 500_000) } == 65_536)
    #expect(givesUp { min($0, 40_000) } == nil)
  }

  @Test("strings of any length are told apart, by their middles too")
  func numbersStrings() throws {
    var strings: [[UInt8]] = (0..<20_000).map { Array("key \($0 * 31 % 3001)".utf8) }
    strings += (0..<1000).map { Array("the same start, \($0 % 97), and the same end".utf8) }
    strings += (0..<40).map { [UInt8](repeating: UInt8($0 % 2), count: $0 % 20) }
    strings += [
      [], [0], [0, 0], [], Array("exactly8".utf8), Array("exactly8".utf8), Array("exactly8\0".utf8),
    ]
    let (keys, ids) = Self.expected(strings)
    let found = try #require(Self.found(strings))
    #expect(found.keys.map { strings[$0] } == keys)
    #expect(found.ids == ids)
  }

  @Test("the bytes of keys with their lengths are limited")
  func limitsBytes() {
    let strings = (0..<100).map { Array("\(1000 + $0)".utf8) }
    #expect(Self.found(strings, limit: 800)?.keys.count == 100)
    #expect(Self.found(strings, limit: 799) == nil)
    #expect(Self.found([[], [], []], limit: 4)?.ids == [0, 0, 0])
  }
}

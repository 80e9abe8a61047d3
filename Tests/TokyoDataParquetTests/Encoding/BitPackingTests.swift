import Testing

@testable import TokyoDataParquet

@Suite("Bit packing")
struct BitPackingTests {
  static func packed<Value: FixedWidthInteger & UnsignedInteger>(_ values: [Value], width: Int) -> [UInt8] {
    let groups = (values.count + 7) / 8
    let padded = values + [Value](repeating: 0, count: groups * 8 - values.count)
    return encoded { out in
      let target = out.reserve(groups * width + 8)
      padded.withUnsafeBufferPointer {
        if let base = $0.baseAddress { pack(base, groups: groups, width: width, into: target) }
      }
      out.commit(groups * width)
    }
  }

  static func unpacked<Value: FixedWidthInteger & UnsignedInteger>(
    _ bytes: [UInt8], from first: Int, width: Int, count: Int, as type: Value.Type = Value.self
  ) throws -> [Value] {
    var values = [Value](repeating: .max, count: count)
    try values.withUnsafeMutableBufferPointer { target in
      let base = try #require(target.baseAddress)
      bytes.withUnsafeBytes {
        unpack($0, bitOffset: first * width, width: width, count: count, into: base)
      }
    }
    return values
  }

  static func keeps<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type, width: Int) throws {
    var numbers = TestNumbers(state: UInt64(width))
    let mask = width == 0 ? 0 : Value.max >> Value(Value.bitWidth - width)
    for count in telltaleSizes where count > 0 {
      let values = (0..<count).map { _ in Value(truncatingIfNeeded: numbers.next()) & mask }
      let bytes = packed(values, width: width)
      for first in [0, 1, 3, 8, 13] where first < count {
        let read = try unpacked(bytes, from: first, width: width, count: count - first, as: Value.self)
        #expect(read == Array(values[first...]), "\(count) values from \(first) on")
      }
      // Where no byte lies behind the last value.
      let exact = Array(bytes[..<((count * width + 7) / 8)])
      #expect(try unpacked(exact, from: 0, width: width, count: count, as: Value.self) == values)
    }
  }

  @Test("the format's example: 0 to 7 in three bits")
  func packsTheExample() throws {
    let values: [UInt32] = [0, 1, 2, 3, 4, 5, 6, 7]
    #expect(Self.packed(values, width: 3) == [0b1000_1000, 0b1100_0110, 0b1111_1010])
  }

  @Test("every width of 64-bit values keeps every value", arguments: 0...64)
  func keeps64(width: Int) throws { try Self.keeps(UInt64.self, width: width) }

  @Test("every width of 32-bit values keeps every value", arguments: 0...32)
  func keeps32(width: Int) throws { try Self.keeps(UInt32.self, width: width) }

  @Test("every width of 8-bit values keeps every value", arguments: 0...8)
  func keeps8(width: Int) throws { try Self.keeps(UInt8.self, width: width) }

  @Test("packing writes the same bytes whatever the values' type", arguments: 1...8)
  func packsAlike(width: Int) {
    let values = (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37) & (0xff >> UInt8(8 - width)) }
    let bytes = Self.packed(values, width: width)
    #expect(Self.packed(values.map { UInt32($0) }, width: width) == bytes)
    #expect(Self.packed(values.map { UInt64($0) }, width: width) == bytes)
  }
}

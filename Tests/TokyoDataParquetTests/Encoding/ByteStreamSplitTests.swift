import Testing

@testable import TokyoDataParquet

@Suite("BYTE_STREAM_SPLIT")
struct ByteStreamSplitTests {
  static func encodedStreams(_ values: [UInt8], width: Int) -> [UInt8] {
    encoded { out in values.withUnsafeBytes { encodeByteStreamSplit($0, width: width, into: &out) } }
  }

  static func decoded(_ bytes: [UInt8], width: Int, count: Int, portion: Int) throws -> [UInt8] {
    var decoder = try ByteStreamSplitDecoder(width: width, range: 0..<bytes.count)
    var values = [UInt8](repeating: 0xee, count: count * width)
    try values.withUnsafeMutableBytes { target in
      for range in portions(of: portion, count) {
        let base = try #require(target.baseAddress)
        try bytes.withUnsafeBytes {
          try decoder.decode(range.count, of: $0, into: base + range.lowerBound * width)
        }
      }
    }
    return values
  }

  @Test("the format's example has the bytes that it says")
  func writesTheExample() {
    let values: [UInt8] = [0xaa, 0xbb, 0xcc, 0xdd, 0x00, 0x11, 0x22, 0x33, 0xa3, 0xb4, 0xc5, 0xd6]
    let streams: [UInt8] = [0xaa, 0x00, 0xa3, 0xbb, 0x11, 0xb4, 0xcc, 0x22, 0xc5, 0xdd, 0x33, 0xd6]
    #expect(Self.encodedStreams(values, width: 4) == streams)
  }

  @Test("values of every width survive in odd portions", arguments: [1, 2, 3, 4, 5, 8, 12, 16])
  func keepsValues(width: Int) throws {
    var numbers = TestNumbers(state: UInt64(width))
    for count in telltaleSizes {
      let values = (0..<count * width).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      let bytes = Self.encodedStreams(values, width: width)
      let expected = (0..<width).flatMap { stream in (0..<count).map { values[$0 * width + stream] } }
      #expect(bytes == expected)
      for portion in portionSizes {
        #expect(try Self.decoded(bytes, width: width, count: count, portion: portion) == values)
      }
    }
  }

  @Test("streams of different lengths, and more values than there are, are refused")
  func refusesOddSizes() {
    #expect(throws: ParquetError.self) { try ByteStreamSplitDecoder(width: 4, range: 0..<7) }
    #expect(throws: ParquetError.self) { try ByteStreamSplitDecoder(width: 0, range: 0..<8) }
    #expect(throws: ParquetError.self) {
      try Self.decoded([1, 2, 3, 4], width: 4, count: 2, portion: 2)
    }
  }
}

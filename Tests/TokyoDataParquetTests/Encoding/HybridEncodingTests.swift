import Testing

@testable import TokyoDataParquet

@Suite("Runs and bit-packed groups")
struct HybridEncodingTests {
  static func encoded(_ values: [UInt32], width: Int) -> [UInt8] {
    var buffer = ByteBuffer()
    values.withUnsafeBufferPointer { encodeHybrid($0, width: width, into: &buffer) }
    return buffer.array
  }

  static func decoded(_ bytes: [UInt8], width: Int, count: Int, portion: Int = .max) throws -> [UInt32] {
    var decoder = try HybridDecoder(width: width, range: 0..<bytes.count)
    var values = [UInt32](repeating: .max, count: count)
    var done = 0
    while done < count {
      let taken = min(portion, count - done)
      try values.withUnsafeMutableBufferPointer { target in
        let base = try #require(target.baseAddress)
        try bytes.withUnsafeBytes { try decoder.decode(taken, of: $0, into: base + done) }
      }
      done += taken
    }
    return values
  }

  @Test("a run behind an odd number of values is not padded in mid-stream")
  func doesNotPadInMidStream() throws {
    let values: [UInt32] = [1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    #expect(try Self.decoded(Self.encoded(values, width: 1), width: 1, count: 12) == values)
  }

  @Test("every width keeps every value", arguments: 1...32)
  func keepsWidths(width: Int) throws {
    let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(width)) - 1)
    for count in [1, 7, 8, 9, 31, 32, 33, 64, 100] {
      let values = (0..<count).map { UInt32(truncatingIfNeeded: $0 &* 2_654_435_761) & mask }
      let bytes = Self.encoded(values, width: width)
      for portion in [1, 3, 8, 1000] {
        #expect(try Self.decoded(bytes, width: width, count: count, portion: portion) == values)
      }
    }
  }

  @Test("runs and literals in any order keep every value")
  func keepsMixtures() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      var values: [UInt32] = []
      for _ in 0..<Int.random(in: 1...12, using: &generator) {
        let length = Int.random(in: 1...20, using: &generator)
        if Bool.random(using: &generator) {
          values += [UInt32](repeating: .random(in: 0...5), count: length)
        } else {
          values += (0..<length).map { _ in UInt32.random(in: 0...5) }
        }
      }
      let bytes = Self.encoded(values, width: 3)
      #expect(try Self.decoded(bytes, width: 3, count: values.count, portion: 7) == values, "\(values)")
    }
  }

  @Test("levels keep every bit from any position on")
  func keepsLevels() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      var bits: [Bool] = []
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        let length = Int.random(in: 1...90, using: &generator)
        if Bool.random(using: &generator) {
          bits += [Bool](repeating: .random(), count: length)
        } else {
          bits += (0..<length).map { _ in .random() }
        }
      }
      var bitmap = Bitmap()
      for bit in bits { bitmap.append(bit ? 1 : 0, length: 1) }
      let start = Int.random(in: 0..<bits.count, using: &generator)
      var buffer = ByteBuffer()
      encodeLevels(bitmap, start..<bits.count, into: &buffer)
      let levels = try Self.decoded(buffer.array, width: 1, count: bits.count - start, portion: 11)
      #expect(levels == bits[start...].map { $0 ? 1 : 0 })
    }
  }

  @Test("streams that end early, and widths beyond 32 bits, are errors")
  func refusesShortStreams() {
    #expect(throws: ParquetError.self) { try Self.decoded([], width: 1, count: 1) }
    #expect(throws: ParquetError.self) { try Self.decoded([3], width: 4, count: 8) }
    #expect(throws: ParquetError.self) { try Self.decoded([16], width: 8, count: 8) }
    #expect(throws: ParquetError.self) {
      try Self.decoded([0xff, 0xff, 0xff, 0xff, 0xff, 1], width: 1, count: 1)
    }
    #expect(throws: ParquetError.self) { try HybridDecoder(width: 254, range: 0..<0) }
  }
}

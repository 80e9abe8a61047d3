/// Reads definition or repetition levels up to 255, a part at a time, and refuses those above their maximum.
struct LevelDecoder: Sendable {
  private enum Form {
    case hybrid(HybridDecoder)
    case bitPacked(BitPackedLevels)
  }

  private var form: Form
  private let maximum: UInt8

  /// Reads runs and bit-packed groups from `range` of a page's bytes, behind the length that may precede them.
  init(hybrid range: Range<Int>, maximum: UInt8) throws(ParquetError) {
    form = .hybrid(try HybridDecoder(width: bitWidth(of: Int(maximum)), range: range))
    self.maximum = maximum
  }

  /// Reads the deprecated bit packing from `range` of a page's bytes.
  init(bitPacked range: Range<Int>, maximum: UInt8) {
    form = .bitPacked(BitPackedLevels(width: bitWidth(of: Int(maximum)), range: range))
    self.maximum = maximum
  }

  /// Reads the next `count` levels.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<UInt8>
  ) throws(ParquetError) {
    switch form {
    case .hybrid(var decoder):
      try decoder.decode(count, of: bytes, into: target)
      form = .hybrid(decoder)
    case .bitPacked(var decoder):
      try decoder.decode(count, of: bytes, into: target)
      form = .bitPacked(decoder)
    }
    // Where all of the width's values are levels, none can be above.
    if maximum & (maximum &+ 1) == 0 { return }
    var highest: UInt8 = 0
    for index in 0..<count { highest = max(highest, target[index]) }
    guard highest <= maximum else { throw .corrupted("a level above its maximum") }
  }
}

/// The deprecated bit packing of levels: most significant bits first, without any runs.
struct BitPackedLevels: Sendable {
  private let width: Int
  private let end: Int
  private var bit: Int

  init(width: Int, range: Range<Int>) {
    self.width = width
    bit = range.lowerBound &* 8
    end = range.upperBound
  }

  /// The bytes that `count` levels take.
  static func byteCount(_ count: Int, width: Int) throws(ParquetError) -> Int {
    let (bits, overflow) = count.multipliedReportingOverflow(by: width)
    guard count >= 0, !overflow, bits <= Int.max - 7 else {
      throw .corrupted("levels longer than their page")
    }
    return (bits + 7) / 8
  }

  /// Reads the next `count` levels, of at most eight bits.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<UInt8>
  ) throws(ParquetError) {
    guard width > 0 else { return target.update(repeating: 0, count: count) }
    guard width <= 8, end <= bytes.count, count <= (end &* 8 &- bit) / width else {
      throw .corrupted("levels longer than their page")
    }
    let mask = UInt16(1) &<< UInt16(width) &- 1
    for index in 0..<count {
      let first = bit >> 3
      // A level spans at most two bytes, of which the second may be beyond the end.
      let second = first &+ 1 < end ? bytes[first &+ 1] : 0
      let word = UInt16(bytes[first]) &<< 8 | UInt16(second)
      let shift = UInt16(truncatingIfNeeded: 16 &- width &- (bit & 7))
      target[index] = UInt8(truncatingIfNeeded: word &>> shift & mask)
      bit &+= width
    }
  }
}

/// Reads runs of equal small integers and bit-packed groups, a part at a time.
///
/// It keeps positions, not pointers: each call lends it the same bytes again.
struct HybridDecoder: Sendable {
  let width: Int
  private var position: Int
  private let end: Int
  /// Values left of the current stretch.
  private var left = 0
  private var isLiteral = false
  private var repeated: UInt32 = 0
  /// Where the current bit-packed stretch begins, and how many of its values are read.
  private var literalStart = 0
  private var literalsRead = 0

  /// Reads values of `width` bits from `range` of a page's bytes.
  init(width: Int, range: Range<Int>) throws(ParquetError) {
    guard (0...32).contains(width) else { throw .corrupted("integers of \(width) bits") }
    self.width = width
    position = range.lowerBound
    end = range.upperBound
  }

  /// A part of a stretch.
  enum Part {
    case repeated(UInt32, count: Int)
    /// `count` values that begin `bitOffset` bits behind the start of the page's bytes.
    case literal(bitOffset: Int, count: Int)
  }

  /// The next part, of at most `count` values.
  mutating func next(_ count: Int, of bytes: UnsafeRawBufferPointer) throws(ParquetError) -> Part {
    guard end <= bytes.count else { throw .corrupted("values beyond their page") }
    while left == 0 { try beginStretch(bytes) }
    let taken = min(left, count)
    left -= taken
    guard isLiteral else { return .repeated(repeated, count: taken) }
    defer { literalsRead += taken }
    return .literal(bitOffset: literalStart * 8 + literalsRead * width, count: taken)
  }

  /// Reads the next `count` values.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<UInt32>
  ) throws(ParquetError) {
    try decodeValues(count, of: bytes, into: target)
  }

  /// Reads the next `count` values of at most eight bits.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<UInt8>
  ) throws(ParquetError) {
    guard width <= 8 else { throw .corrupted("levels of \(width) bits") }
    try decodeValues(count, of: bytes, into: target)
  }

  @inline(__always)
  private mutating func decodeValues<Value: FixedWidthInteger & UnsignedInteger>(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Value>
  ) throws(ParquetError) {
    var done = 0
    while done < count {
      switch try next(count &- done, of: bytes) {
      case .repeated(let value, let taken):
        (target + done).update(repeating: Value(truncatingIfNeeded: value), count: taken)
        done &+= taken
      case .literal(let bitOffset, let taken):
        unpack(bytes, bitOffset: bitOffset, width: width, count: taken, into: target + done)
        done &+= taken
      }
    }
  }

  private mutating func beginStretch(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    let header = try varint(bytes)
    isLiteral = header & 1 == 1
    let count = Int(header >> 1)
    if isLiteral {
      // A stretch that the page cuts short has the values whose bits are there.
      let whole = width == 0 ? Int.max : (end - position) / width
      if count <= whole {
        left = min(count, Int(Int32.max)) * 8
      } else {
        left = (end - position) * 8 / width
      }
      literalStart = position
      literalsRead = 0
      position += width == 0 ? 0 : min(count, whole + 1) * width
      position = min(position, end)
    } else {
      let size = (width + 7) / 8
      guard end - position >= size else { throw .corrupted("a run ends early") }
      repeated = 0
      for byte in 0..<size { repeated |= UInt32(bytes[position + byte]) << UInt32(byte * 8) }
      guard UInt64(repeated) >> UInt64(width) == 0 else {
        throw .corrupted("a run of a value beyond its width")
      }
      position += size
      left = count
    }
  }

  private mutating func varint(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 28, by: 7) {
      guard position < end else { throw .corrupted("values end early") }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw .corrupted("a run longer than the format allows")
  }
}

/// Reads integers that lie as DELTA_BINARY_PACKED, a part at a time.
///
/// It keeps positions, not pointers: each call lends it the same bytes again.
struct DeltaDecoder<Value: FixedWidthInteger & SignedInteger & Sendable>: Sendable
where Value.Magnitude: UnsignedInteger {
  /// Values that are not read yet, as the bytes state; they need not bear it out.
  private(set) var left: Int
  /// Where the next block begins; behind the last value, where the integers end.
  private(set) var position: Int
  private let end: Int
  private let miniblocks: Int
  private let miniblockValues: Int
  /// What the next value is the last one's difference to; the first value, before it is read.
  private var last: Value
  private var isFirst = true
  private var least: Value = 0
  /// Where the current block's widths lie, and how many of its miniblocks are begun.
  private var widthsStart = 0
  private var begun: Int
  /// The current miniblock: values left, their width and where the next one lies.
  private var miniblockLeft = 0
  private var width = 0
  private var bit = 0

  /// Reads the header of the integers in `range` of a page's bytes.
  init(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else {
      throw .corrupted("values beyond their page")
    }
    var reader = VarintReader(position: range.lowerBound, end: range.upperBound)
    let blockValues = try reader.next(bytes)
    let miniblocks = try reader.next(bytes)
    let count = try reader.next(bytes)
    let first = try reader.nextZigzag(bytes)
    let most = UInt64(Int32.max)
    guard blockValues > 0, blockValues <= most, blockValues % 128 == 0, miniblocks > 0, count <= most,
      blockValues % miniblocks == 0, (blockValues / miniblocks) % 32 == 0
    else { throw .corrupted("delta-encoded integers in blocks that the format does not allow") }
    self.miniblocks = Int(miniblocks)
    miniblockValues = Int(blockValues / miniblocks)
    begun = self.miniblocks
    left = Int(count)
    last = Value(truncatingIfNeeded: first)
    position = reader.position
    end = range.upperBound
  }

  /// Reads the next `count` values.
  mutating func decode(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Value>
  ) throws(ParquetError) {
    try requireLeft(count, bytes)
    guard count > 0 else { return }
    var done = 0
    if isFirst {
      target[0] = last
      (isFirst, done) = (false, 1)
      left &-= 1
    }
    while done < count {
      if miniblockLeft == 0 { try beginMiniblock(bytes) }
      let taken = min(miniblockLeft, count &- done)
      decodeMiniblock(taken, of: bytes, into: target + done)
      done &+= taken
    }
  }

  /// Passes over all that is left, so that `position` becomes the place behind the integers.
  mutating func skipToEnd(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    try requireLeft(0, bytes)
    if isFirst, left > 0 {
      isFirst = false
      left &-= 1
    }
    while left > 0 {
      if miniblockLeft == 0 { try beginMiniblock(bytes) }
      left &-= miniblockLeft
      miniblockLeft = 0
    }
  }

  private func requireLeft(_ count: Int, _ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    guard count >= 0, count <= left, end <= bytes.count else { throw .corrupted("values end early") }
  }

  private mutating func decodeMiniblock(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Value>
  ) {
    var value = last
    if width == 0 {
      value = decodeEven(count, into: target)
    } else if width > Value.bitWidth {
      value = decodeWide(count, of: bytes, into: target)
    } else {
      target.withMemoryRebound(to: Value.Magnitude.self, capacity: count) {
        unpack(bytes, bitOffset: bit, width: width, count: count, into: $0)
      }
      for index in 0..<count {
        value &+= target[index] &+ least
        target[index] = value
      }
    }
    last = value
    bit &+= count &* width
    miniblockLeft &-= count
    left &-= count
  }

  /// Decodes values that lie equally far apart: four at a time, which do not wait for each other.
  private func decodeEven(_ count: Int, into target: UnsafeMutablePointer<Value>) -> Value {
    var (first, second) = (last &+ least, last &+ least &* 2)
    var (third, fourth) = (last &+ least &* 3, last &+ least &* 4)
    let step = least &* 4
    var index = 0
    while count &- index >= 4 {
      target[index] = first
      target[index &+ 1] = second
      target[index &+ 2] = third
      target[index &+ 3] = fourth
      (first, second) = (first &+ step, second &+ step)
      (third, fourth) = (third &+ step, fourth &+ step)
      index &+= 4
    }
    var value = fourth &- step
    while index < count {
      value &+= least
      target[index] = value
      index &+= 1
    }
    return value
  }

  /// Decodes differences of more bits than the values have: DuckDB takes those of 32-bit values in 64 bits.
  private func decodeWide(
    _ count: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutablePointer<Value>
  ) -> Value {
    var value = last
    let most = 64
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: most) { scratch in
      guard let differences = scratch.baseAddress else { return }
      for start in stride(from: 0, to: count, by: most) {
        let number = min(most, count &- start)
        let first = bit &+ start &* width
        unpack(bytes, bitOffset: first, width: width, count: number, into: differences)
        for index in 0..<number {
          value &+= Value(truncatingIfNeeded: differences[index]) &+ least
          target[start &+ index] = value
        }
      }
    }
    return value
  }

  private mutating func beginMiniblock(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
    if begun == miniblocks {
      var reader = VarintReader(position: position, end: end)
      least = Value(truncatingIfNeeded: try reader.nextZigzag(bytes))
      widthsStart = reader.position
      guard miniblocks <= end &- widthsStart else { throw .corrupted("values end early") }
      position = widthsStart &+ miniblocks
      begun = 0
    }
    width = Int(bytes[widthsStart &+ begun])
    guard width <= 64 else { throw .corrupted("differences of \(width) bits") }
    // A miniblock is whole even where its last values are none; some writers cut the very last one short.
    let count = min(miniblockValues, left)
    guard (count &* width &+ 7) >> 3 <= end &- position else { throw .corrupted("values end early") }
    bit = position &* 8
    position = min(end, position &+ miniblockValues >> 3 &* width)
    miniblockLeft = count
    begun &+= 1
  }
}

/// Reads unsigned LEB128 numbers between two positions.
private struct VarintReader {
  var position: Int
  let end: Int

  mutating func next(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard position < end else { throw .corrupted("values end early") }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw .corrupted("a number longer than the format allows")
  }

  mutating func nextZigzag(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) -> Int64 {
    let value = try next(bytes)
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

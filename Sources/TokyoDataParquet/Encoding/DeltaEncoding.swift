/// Appends 32-bit integers as DELTA_BINARY_PACKED.
func encodeDelta(_ values: UnsafeBufferPointer<Int32>, into out: inout ByteBuffer) {
  guard let base = values.baseAddress else { return encodeDelta(count: 0, into: &out) { _ in Int32(0) } }
  encodeDelta(count: values.count, into: &out) { base[$0] }
}

/// Appends 64-bit integers as DELTA_BINARY_PACKED.
func encodeDelta(_ values: UnsafeBufferPointer<Int64>, into out: inout ByteBuffer) {
  guard let base = values.baseAddress else { return encodeDelta(count: 0, into: &out) { _ in Int64(0) } }
  encodeDelta(count: values.count, into: &out) { base[$0] }
}

/// The shape of the blocks that are written; readers take any.
private enum DeltaBlock {
  static let values = 128
  static let miniblocks = 4
  static let miniblockValues = 32
}

/// Appends the integers that `value` gives as their differences, packed in blocks by what exceeds the least.
///
/// All differences wrap around in the integers' own width.
@inline(__always)
func encodeDelta<Value: FixedWidthInteger & SignedInteger>(
  count: Int, into out: inout ByteBuffer, value: (_ index: Int) -> Value
) where Value.Magnitude: UnsignedInteger {
  out.append(varint: UInt64(DeltaBlock.values))
  out.append(varint: UInt64(DeltaBlock.miniblocks))
  out.append(varint: UInt64(count))
  out.append(zigzag: count > 0 ? Int64(value(0)) : 0)
  guard count > 1 else { return }
  withUnsafeTemporaryAllocation(of: Value.self, capacity: DeltaBlock.values) { deltas in
    guard let deltas = deltas.baseAddress else { return }
    var start = 1
    while start < count {
      let number = min(DeltaBlock.values, count &- start)
      var least = Value.max
      for index in 0..<number {
        let delta = value(start &+ index) &- value(start &+ index &- 1)
        deltas[index] = delta
        least = min(least, delta)
      }
      for index in number..<DeltaBlock.values { deltas[index] = least }
      appendBlock(deltas, number, least, into: &out)
      start &+= number
    }
  }
}

/// Appends a block of `count` differences, behind which `least` fills it up.
@inline(__always)
private func appendBlock<Value: FixedWidthInteger & SignedInteger>(
  _ deltas: UnsafeMutablePointer<Value>, _ count: Int, _ least: Value, into out: inout ByteBuffer
) where Value.Magnitude: UnsignedInteger {
  out.append(zigzag: Int64(least))
  // Room for all of the block, and for what packing overwrites behind it.
  let widths = out.reserve(DeltaBlock.miniblocks + DeltaBlock.values * MemoryLayout<Value>.size + 8)
  var position = DeltaBlock.miniblocks
  deltas.withMemoryRebound(to: Value.Magnitude.self, capacity: DeltaBlock.values) { excesses in
    let least = Value.Magnitude(truncatingIfNeeded: least)
    for miniblock in 0..<DeltaBlock.miniblocks {
      let first = miniblock &* DeltaBlock.miniblockValues
      var width = 0
      if first < count {
        var union: Value.Magnitude = 0
        for index in first..<first &+ DeltaBlock.miniblockValues {
          excesses[index] &-= least
          union |= excesses[index]
        }
        width = Value.bitWidth &- union.leadingZeroBitCount
        pack(
          excesses + first, groups: DeltaBlock.miniblockValues >> 3, width: width, into: widths + position)
        position &+= DeltaBlock.miniblockValues >> 3 &* width
      }
      widths.storeBytes(of: UInt8(truncatingIfNeeded: width), toByteOffset: miniblock, as: UInt8.self)
    }
  }
  out.commit(position)
}

extension ByteBuffer {
  /// Adds a signed number whose sign is its lowest bit, as an unsigned LEB128 number.
  mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: value << 1 ^ value >> 63))
  }
}

/// The distinct values of a column of fixed width, by their bits: a NaN equals itself, −0.0 is not 0.0.
struct FixedWidthDictionary<Bits: FixedWidthInteger & UnsignedInteger & Sendable> {
  private(set) var keys: [Bits] = []
  /// For every value the position of its key.
  private(set) var ids: [UInt32] = []

  /// Finds the distinct values, or gives up where a dictionary would not be smaller than the values.
  ///
  /// - Parameters:
  ///   - width: The bytes that a value takes in the file.
  ///   - limit: The most bytes of distinct values.
  init?(_ values: UnsafeBufferPointer<Bits>, width: Int, limit: Int) {
    guard values.count > 0 else { return nil }
    let maximumKeys = limit / width
    var slots = [UInt32](repeating: 0, count: 1 << 12)
    ids.reserveCapacity(values.count)
    var position = 0
    while position < values.count {
      // Between the steps the table has room for every key that a step can bring.
      let end = min(position + 1024, values.count)
      if (keys.count + 1024) * 2 > slots.count { slots = Self.rehashed(keys, slotCount: slots.count * 2) }
      Self.probe(values[position..<end], &slots, &keys, &ids)
      position = end
      guard keys.count <= maximumKeys else { return nil }
      if position >= 20_480, position < 21_504, keys.count > position / 4 * 3 { return nil }
    }
    let packed = values.count * TokyoDataParquet.bitWidth(of: max(1, keys.count - 1)) / 8
    guard keys.count * width + packed < values.count * width || keys.count == 1 else { return nil }
  }

  @inline(__always)
  private static func slot(of key: Bits, shift: UInt64) -> Int {
    let folded =
      UInt64(truncatingIfNeeded: key) ^ (Bits.bitWidth > 64 ? UInt64(truncatingIfNeeded: key >> 64) : 0)
    return Int(truncatingIfNeeded: (folded &* 0x9e37_79b9_7f4a_7c15) >> shift)
  }

  private static func shift(_ slotCount: Int) -> UInt64 { UInt64(64 - slotCount.trailingZeroBitCount) }

  private static func probe(
    _ values: Slice<UnsafeBufferPointer<Bits>>, _ slots: inout [UInt32], _ keys: inout [Bits],
    _ ids: inout [UInt32]
  ) {
    let shift = shift(slots.count)
    let mask = slots.count &- 1
    slots.withUnsafeMutableBufferPointer { slots in
      for value in values {
        var slot = slot(of: value, shift: shift)
        while true {
          let id = slots[slot]
          if id == 0 {
            keys.append(value)
            slots[slot] = UInt32(truncatingIfNeeded: keys.count)
            ids.append(UInt32(truncatingIfNeeded: keys.count &- 1))
            break
          }
          if keys[Int(id &- 1)] == value {
            ids.append(id &- 1)
            break
          }
          slot = (slot &+ 1) & mask
        }
      }
    }
  }

  private static func rehashed(_ keys: [Bits], slotCount: Int) -> [UInt32] {
    var slots = [UInt32](repeating: 0, count: slotCount)
    let shift = shift(slotCount)
    for (index, key) in keys.enumerated() {
      var slot = slot(of: key, shift: shift)
      while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
      slots[slot] = UInt32(index + 1)
    }
    return slots
  }
}

/// Unpacks `count` values of `width` bits (0 to the type's) that begin `bitOffset` bits behind `source`'s start.
///
/// `source` must hold all of the values' bits.
func unpack<Value: FixedWidthInteger & UnsignedInteger>(
  _ source: UnsafeRawBufferPointer, bitOffset: Int, width: Int, count: Int,
  into target: UnsafeMutablePointer<Value>
) {
  guard width > 0, let base = source.baseAddress else {
    target.update(repeating: 0, count: count)
    return
  }
  var bit = bitOffset
  var index = 0
  // Up to seven values lead to one that begins with a byte, if the width is odd.
  while index < count, bit & 7 != 0 {
    target[index] = Value(truncatingIfNeeded: bits(source, at: bit, width))
    bit &+= width
    index &+= 1
  }
  // A group's last load reaches up to eight bytes beyond it.
  let start = bit >> 3
  let groups = min((count &- index) >> 3, max(0, (source.count &- start &- 8) / width))
  if groups > 0 {
    unpack(base + start, groups: groups, width: width, into: target + index)
    bit &+= groups &* 8 &* width
    index &+= groups &* 8
  }
  while index < count {
    target[index] = Value(truncatingIfNeeded: bits(source, at: bit, width))
    bit &+= width
    index &+= 1
  }
}

/// One value of `width` bits; its bits must lie in `source`.
@inline(__always)
private func bits(_ source: UnsafeRawBufferPointer, at bit: Int, _ width: Int) -> UInt64 {
  let first = bit >> 3
  let shift = UInt64(truncatingIfNeeded: bit & 7)
  let mask = ~UInt64(0) &>> UInt64(truncatingIfNeeded: 64 &- width)
  if first &+ 9 <= source.count {
    let low = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: first, as: UInt64.self)) &>> shift
    // The ninth byte begins where the word ends; the two shifts drop it if the word began with the value.
    let high = (UInt64(source[first &+ 8]) &<< 1) &<< (63 &- shift)
    return (low | high) & mask
  }
  var value: UInt64 = 0
  for index in first...(bit &+ width &- 1) >> 3 {
    let byte = UInt64(source[index])
    let place = (index &- first) &* 8 &- Int(shift)
    value |= place < 0 ? byte &>> shift : byte &<< UInt64(truncatingIfNeeded: place)
  }
  return value & mask
}

private func unpack<Value: FixedWidthInteger & UnsignedInteger>(
  _ source: UnsafeRawPointer, groups: Int, width: Int, into target: UnsafeMutablePointer<Value>
) {
  // With the width a constant, each case becomes straight-line code of constant shifts.
  switch width {
  case 1: unpackGroups(source, groups, 1, target)
  case 2: unpackGroups(source, groups, 2, target)
  case 3: unpackGroups(source, groups, 3, target)
  case 4: unpackGroups(source, groups, 4, target)
  case 5: unpackGroups(source, groups, 5, target)
  case 6: unpackGroups(source, groups, 6, target)
  case 7: unpackGroups(source, groups, 7, target)
  case 8: unpackGroups(source, groups, 8, target)
  case 9: unpackGroups(source, groups, 9, target)
  case 10: unpackGroups(source, groups, 10, target)
  case 11: unpackGroups(source, groups, 11, target)
  case 12: unpackGroups(source, groups, 12, target)
  case 13: unpackGroups(source, groups, 13, target)
  case 14: unpackGroups(source, groups, 14, target)
  case 15: unpackGroups(source, groups, 15, target)
  case 16: unpackGroups(source, groups, 16, target)
  case 17: unpackGroups(source, groups, 17, target)
  case 18: unpackGroups(source, groups, 18, target)
  case 19: unpackGroups(source, groups, 19, target)
  case 20: unpackGroups(source, groups, 20, target)
  case 21: unpackGroups(source, groups, 21, target)
  case 22: unpackGroups(source, groups, 22, target)
  case 23: unpackGroups(source, groups, 23, target)
  case 24: unpackGroups(source, groups, 24, target)
  case 25: unpackGroups(source, groups, 25, target)
  case 26: unpackGroups(source, groups, 26, target)
  case 27: unpackGroups(source, groups, 27, target)
  case 28: unpackGroups(source, groups, 28, target)
  case 29: unpackGroups(source, groups, 29, target)
  case 30: unpackGroups(source, groups, 30, target)
  case 31: unpackGroups(source, groups, 31, target)
  case 32: unpackGroups(source, groups, 32, target)
  default: unpackGroups(source, groups, width, target)
  }
}

@inline(__always)
private func unpackGroups<Value: FixedWidthInteger & UnsignedInteger>(
  _ source: UnsafeRawPointer, _ groups: Int, _ width: Int, _ target: UnsafeMutablePointer<Value>
) {
  // A narrower type has no values of such a width; the compiler drops the code.
  guard width <= Value.bitWidth else { return }
  let mask = ~UInt64(0) &>> UInt64(truncatingIfNeeded: 64 &- width)
  var source = source
  var target = target
  for _ in 0..<groups {
    for index in 0..<8 {
      let bit = index &* width
      let shift = UInt64(truncatingIfNeeded: bit & 7)
      let word = source.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
      var value = UInt64(littleEndian: word) &>> shift
      if width > 57 {
        let ninth = source.load(fromByteOffset: bit >> 3 &+ 8, as: UInt8.self)
        value |= (UInt64(ninth) &<< 1) &<< (63 &- shift)
      }
      target[index] = Value(truncatingIfNeeded: value & mask)
    }
    source += width
    target += 8
  }
}

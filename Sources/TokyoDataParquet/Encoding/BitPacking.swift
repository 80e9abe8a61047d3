/// Packs groups of eight values of `width` bits into `width` bytes each, least significant bits first.
///
/// The values must not exceed the width. Room for eight bytes more is needed behind the groups, whose
/// content it may overwrite.
func pack<Value: FixedWidthInteger & UnsignedInteger>(
  _ source: UnsafePointer<Value>, groups: Int, width: Int, into target: UnsafeMutableRawPointer
) {
  // With the width a constant, each case becomes straight-line code of constant shifts.
  switch width {
  case 0: return
  case 1: packGroups(source, groups, 1, target)
  case 2: packGroups(source, groups, 2, target)
  case 3: packGroups(source, groups, 3, target)
  case 4: packGroups(source, groups, 4, target)
  case 5: packGroups(source, groups, 5, target)
  case 6: packGroups(source, groups, 6, target)
  case 7: packGroups(source, groups, 7, target)
  case 8: packGroups(source, groups, 8, target)
  case 9: packGroups(source, groups, 9, target)
  case 10: packGroups(source, groups, 10, target)
  case 11: packGroups(source, groups, 11, target)
  case 12: packGroups(source, groups, 12, target)
  case 13: packGroups(source, groups, 13, target)
  case 14: packGroups(source, groups, 14, target)
  case 15: packGroups(source, groups, 15, target)
  case 16: packGroups(source, groups, 16, target)
  case 17: packGroups(source, groups, 17, target)
  case 18: packGroups(source, groups, 18, target)
  case 19: packGroups(source, groups, 19, target)
  case 20: packGroups(source, groups, 20, target)
  case 21: packGroups(source, groups, 21, target)
  case 22: packGroups(source, groups, 22, target)
  case 23: packGroups(source, groups, 23, target)
  case 24: packGroups(source, groups, 24, target)
  case 25: packGroups(source, groups, 25, target)
  case 26: packGroups(source, groups, 26, target)
  case 27: packGroups(source, groups, 27, target)
  case 28: packGroups(source, groups, 28, target)
  case 29: packGroups(source, groups, 29, target)
  case 30: packGroups(source, groups, 30, target)
  case 31: packGroups(source, groups, 31, target)
  case 32: packGroups(source, groups, 32, target)
  default: packGroups(source, groups, width, target)
  }
}

@inline(__always)
private func packGroups<Value: FixedWidthInteger & UnsignedInteger>(
  _ source: UnsafePointer<Value>, _ groups: Int, _ width: Int, _ target: UnsafeMutableRawPointer
) {
  // A narrower type has no values of such a width; the compiler drops the code.
  guard width <= Value.bitWidth else { return }
  var values = source
  var target = target
  for _ in 0..<groups {
    var pending: UInt64 = 0
    var filled = 0
    var position = 0
    for index in 0..<8 {
      let value = UInt64(truncatingIfNeeded: values[index])
      pending |= value &<< UInt64(truncatingIfNeeded: filled)
      filled &+= width
      if filled >= 64 {
        target.storeBytes(of: pending.littleEndian, toByteOffset: position, as: UInt64.self)
        position &+= 8
        filled &-= 64
        // What did not fit; nothing where the value ended with the word.
        pending = filled == 0 ? 0 : value &>> UInt64(truncatingIfNeeded: width &- filled)
      }
    }
    if filled > 0 { target.storeBytes(of: pending.littleEndian, toByteOffset: position, as: UInt64.self) }
    values += 8
    target += width
  }
}

/// The bits that a number up to `maximum` needs.
func bitWidth(of maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

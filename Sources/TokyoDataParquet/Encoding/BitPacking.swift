/// Packs eight values of `width` bits (1 to 32) into `width` bytes, least significant bits first.
@inline(__always)
func packGroup(_ values: UnsafePointer<UInt32>, width: Int, into target: UnsafeMutableRawPointer) {
  var pending: UInt64 = 0
  var filled = 0
  var position = 0
  for index in 0..<8 {
    pending |= UInt64(values[index]) << UInt64(filled)
    filled &+= width
    if filled >= 32 {
      target.storeBytes(
        of: UInt32(truncatingIfNeeded: pending).littleEndian, toByteOffset: position, as: UInt32.self)
      position &+= 4
      pending >>= 32
      filled &-= 32
    }
  }
  // Eight values end on a byte, so whole bytes remain.
  while filled > 0 {
    target.storeBytes(of: UInt8(truncatingIfNeeded: pending), toByteOffset: position, as: UInt8.self)
    position &+= 1
    pending >>= 8
    filled &-= 8
  }
}

/// Unpacks `count` values of `width` bits (1 to 32) that begin `bitOffset` bits behind `source`'s start.
///
/// `source` must hold all of the values' bits.
func unpack(
  _ source: UnsafeRawBufferPointer, bitOffset: Int, width: Int, count: Int,
  into target: UnsafeMutablePointer<UInt32>
) {
  guard count > 0, let base = source.baseAddress else { return }
  let mask = UInt64(1) << UInt64(width) &- 1
  var bit = bitOffset
  var index = 0
  // As long as eight bytes can be loaded at once; a value spans at most 39 bits of them.
  let lastWhole = (source.count - 8) * 8
  while index < count, bit <= lastWhole {
    let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
    target[index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
    bit &+= width
    index &+= 1
  }
  while index < count {
    var word: UInt64 = 0
    let first = bit >> 3
    for byte in first...(bit &+ width &- 1) >> 3 {
      word |= UInt64(source[byte]) << UInt64((byte &- first) &* 8)
    }
    target[index] = UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask)
    bit &+= width
    index &+= 1
  }
}

/// The bits that a number up to `maximum` needs.
func bitWidth(of maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

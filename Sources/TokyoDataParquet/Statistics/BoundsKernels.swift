/// The least and greatest of numbers; nil without any, or where one is NaN.
///
/// Readers that do not count NaN would prune rows that a NaN satisfies, so none is the safe answer.
@inline(__always)
func floatingPointBounds<Bits: FixedWidthInteger, Number: BinaryFloatingPoint>(
  _ values: UnsafeBufferPointer<Bits>, _ number: (Bits) -> Number
) -> (Number, Number)? {
  guard let first = values.first else { return nil }
  var (low, high) = (number(first), number(first))
  var sawNaN = false
  for bits in values {
    let value = number(bits)
    sawNaN = sawNaN || value.isNaN
    low = value < low ? value : low
    high = value > high ? value : high
  }
  if sawNaN { return nil }
  // Zeros of both signs are equal, so either may have been met first: the bounds take in both.
  return (low == 0 ? -0.0 : low, high == 0 ? 0.0 : high)
}

/// The positions of the least and greatest byte strings, by unsigned bytes; nil without any.
///
/// Eight bytes must be readable from the start of every string, as ``ByteArrayValues`` has them.
func byteStringBounds(_ strings: ByteArraySlices) -> (minimum: Int, maximum: Int)? {
  guard strings.count > 0, let offsets = strings.offsets.baseAddress else { return nil }
  guard let base = strings.bytes.baseAddress else { return (0, 0) }
  /// The first eight bytes as a number of the same order, with zeros behind fewer.
  @inline(__always)
  func prefix(_ index: Int) -> UInt64 {
    let (start, length) = (Int(offsets[index]), Int(offsets[index &+ 1] &- offsets[index]))
    let bytes = UInt64(bigEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    return length >= 8 ? bytes : bytes & ~(~0 >> UInt64(truncatingIfNeeded: length &* 8))
  }
  var (low, high) = (0, 0)
  var (lowPrefix, highPrefix) = (prefix(0), prefix(0))
  for index in 1..<max(strings.count, 1) {
    let candidate = prefix(index)
    if candidate <= lowPrefix, candidate < lowPrefix || precedes(strings[index], strings[low]) {
      (low, lowPrefix) = (index, candidate)
    }
    if candidate >= highPrefix, candidate > highPrefix || precedes(strings[high], strings[index]) {
      (high, highPrefix) = (index, candidate)
    }
  }
  return (low, high)
}

/// Whether one byte string comes before another, by unsigned bytes.
@inline(__always)
func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  let common = min(left.count, right.count)
  var index = 0
  while common &- index >= 8 {
    let a = UInt64(bigEndian: left.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    let b = UInt64(bigEndian: right.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    if a != b { return a < b }
    index &+= 8
  }
  while index < common {
    if left[index] != right[index] { return left[index] < right[index] }
    index &+= 1
  }
  return left.count < right.count
}

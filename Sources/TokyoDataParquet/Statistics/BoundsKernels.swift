/// The least and greatest of integers; nil without any.
@inline(__always)
func integerBounds<Bits: FixedWidthInteger, Signed: FixedWidthInteger>(
  _ values: UnsafeBufferPointer<Bits>, as _: Signed.Type
) -> (Signed, Signed)? {
  guard let first = values.first else { return nil }
  var (low, high) = (Signed(truncatingIfNeeded: first), Signed(truncatingIfNeeded: first))
  for bits in values {
    let value = Signed(truncatingIfNeeded: bits)
    low = value < low ? value : low
    high = value > high ? value : high
  }
  return (low, high)
}

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
func byteStringBounds(
  _ count: Int, _ string: (Int) -> UnsafeRawBufferPointer
) -> (minimum: Int, maximum: Int)? {
  guard count > 0 else { return nil }
  var (low, high) = (0, 0)
  for index in 1..<max(count, 1) {
    let candidate = string(index)
    if precedes(candidate, string(low)) {
      low = index
    } else if precedes(string(high), candidate) {
      high = index
    }
  }
  return (low, high)
}

@inline(__always)
private func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
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

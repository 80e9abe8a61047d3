/// Appends small integers as runs of equal values and bit-packed groups of eight.
///
/// A bit-packed stretch is padded to eight values only at the very end: a reader takes every value of an
/// earlier stretch for real.
func encodeHybrid(_ values: UnsafeBufferPointer<UInt32>, width: Int, into out: inout ByteBuffer) {
  encodeHybrid(values, width: width, into: &out) { group in
    let words = UnsafeRawPointer(group)
    let first = words.loadUnaligned(as: UInt64.self)
    let second = words.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    let third = words.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    let fourth = words.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    let halves = first ^ (first &>> 32 | first &<< 32)
    return (first ^ second) | (first ^ third) | (first ^ fourth) | halves == 0
  }
}

/// Appends levels of at most eight bits as runs of equal values and bit-packed groups of eight.
func encodeHybrid(_ levels: UnsafeBufferPointer<UInt8>, width: Int, into out: inout ByteBuffer) {
  encodeHybrid(levels, width: width, into: &out) { group in
    UnsafeRawPointer(group).loadUnaligned(as: UInt64.self) == UInt64(group[0]) &* 0x0101_0101_0101_0101
  }
}

@inline(__always)
private func encodeHybrid<Value: FixedWidthInteger & UnsignedInteger>(
  _ values: UnsafeBufferPointer<Value>, width: Int, into out: inout ByteBuffer,
  isUniform: (_ group: UnsafePointer<Value>) -> Bool
) {
  guard let base = values.baseAddress, !values.isEmpty else { return }
  let count = values.count
  if width == 0 { return appendRun(base[0], count: count, width: 0, into: &out) }
  // A shorter run is not smaller than the groups that it would replace, and the header behind it.
  let leastGroups = ((width + 7) / 8 + 1 + width) / width
  var position = 0
  var literalStart = 0
  while count &- position >= 8 {
    guard isUniform(base + position) else {
      position &+= 8
      continue
    }
    let first = base[position]
    var end = position &+ 8
    while count &- end >= 8, base[end] == first, isUniform(base + end) { end &+= 8 }
    while end < count, base[end] == first { end &+= 1 }
    let isWhole = literalStart == position && end == count
    guard isWhole || (end &- position) >> 3 >= leastGroups else {
      position = min(position &+ (end &- position) & ~7, count)
      continue
    }
    appendLiterals(base + literalStart, count: position - literalStart, width: width, into: &out)
    appendRun(first, count: end - position, width: width, into: &out)
    position = end
    literalStart = end
  }
  appendLiterals(base + literalStart, count: count - literalStart, width: width, into: &out)
}

private func appendRun<Value: FixedWidthInteger & UnsignedInteger>(
  _ value: Value, count: Int, width: Int, into out: inout ByteBuffer
) {
  out.append(varint: UInt64(count) << 1)
  let word = UInt32(truncatingIfNeeded: value)
  for byte in 0..<(width + 7) / 8 { out.append(UInt8(truncatingIfNeeded: word >> UInt32(byte * 8))) }
}

/// `count` is a multiple of eight but for the end of the stream.
private func appendLiterals<Value: FixedWidthInteger & UnsignedInteger>(
  _ values: UnsafePointer<Value>, count: Int, width: Int, into out: inout ByteBuffer
) {
  guard count > 0 else { return }
  let whole = count >> 3
  let rest = count & 7
  out.append(varint: UInt64(rest > 0 ? whole + 1 : whole) << 1 | 1)
  let target = out.reserve((whole + 1) * width + 8)
  pack(values, groups: whole, width: width, into: target)
  out.commit(whole * width)
  guard rest > 0 else { return }
  withUnsafeTemporaryAllocation(of: Value.self, capacity: 8) { padded in
    padded.initialize(repeating: 0)
    for index in 0..<rest { padded[index] = values[whole * 8 + index] }
    guard let start = padded.baseAddress else { return }
    pack(start, groups: 1, width: width, into: target + whole * width)
  }
  out.commit(width)
}
